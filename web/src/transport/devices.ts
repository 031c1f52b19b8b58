import { Observable, useSelected } from "../node/select";
import { node } from "../node/store";
import type { Device } from "./ends";

interface DevicesState { devices: Device[]; isRead: boolean; isReading: boolean }

const state = new Observable<DevicesState>({ devices: [], isRead: false, isReading: false });

/** Looks for the node's sound cards. */
export async function readDevices(): Promise<void> {
    state.update({ isReading: true });
    const answer = await node.ask<{ devices?: Device[] }>({ type: "list_audio_devices" });
    state.set({ devices: answer?.devices ?? state.get().devices, isRead: answer !== null, isReading: false });
}

export function useDevices(): DevicesState {
    return useSelected(state, (devices) => devices);
}
