import { FromProcessor, ToProcessor, listenFile, processorName } from "../../worklet/messages";
import type { ChannelChoice } from "./channels";
import { readPacket } from "./packet";
import { ListenFigures, StreamPlayer } from "./player";

/** How the browser makes the sound: `worklet` beside the page, `page` where only secure pages may have worklets. */
export type SoundWay = "worklet" | "page";

/** What a sound reports. */
export interface SoundEvents {
    figures: (figures: ListenFigures) => void;
    /** The fade-out after `stop` is over. */
    stopped: () => void;
}

/** Something in an audio context that plays packets. */
export interface Sound {
    readonly way: SoundWay;
    readonly output: AudioNode;
    /** Takes packets from this port from now on. */
    listen(port: MessagePort): void;
    choose(choice: ChannelChoice): void;
    stop(): void;
}

/** Samples of a block of the page's own way, a compromise of delay and safety. */
const pageBlock = 1024;

/** Makes the sound in a context. Rejects when the worklet cannot be loaded. */
export async function makeSound(context: AudioContext, events: SoundEvents): Promise<Sound> {
    return context.audioWorklet ? workletSound(context, events) : pageSound(context, events);
}

async function workletSound(context: AudioContext, events: SoundEvents): Promise<Sound> {
    await context.audioWorklet.addModule(new URL(listenFile, document.baseURI));
    const output = new AudioWorkletNode(context, processorName, {
        numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2],
    });
    const tell = (message: ToProcessor, transfer: Transferable[] = []) => output.port.postMessage(message, transfer);
    output.port.onmessage = ({ data }: MessageEvent<FromProcessor>) => {
        if (data.type === "figures") events.figures(data.figures);
        else events.stopped();
    };
    return {
        way: "worklet",
        output,
        listen: (port) => tell({ type: "port", port }, [port]),
        choose: (choice) => tell({ type: "choose", choice }),
        stop: () => tell({ type: "stop" }),
    };
}

/** Browsers give worklets to secure pages only (https or this machine); elsewhere the page plays by itself. */
function pageSound(context: AudioContext, events: SoundEvents): Sound {
    const player = new StreamPlayer(context.sampleRate);
    const output = context.createScriptProcessor(pageBlock, 0, 2);
    let reported = 0;
    const receive = ({ data }: MessageEvent<ArrayBuffer | "restart">) => {
        if (data === "restart") {
            player.restart();
            return;
        }
        const packet = readPacket(data);
        if (packet) player.push(packet);
    };
    output.onaudioprocess = ({ outputBuffer }) => {
        player.pull(outputBuffer.getChannelData(0), outputBuffer.getChannelData(1));
        if (player.stopped) {
            output.onaudioprocess = null;
            events.stopped();
        } else if (context.currentTime - reported >= 0.1) {
            reported = context.currentTime;
            events.figures(player.figures());
        }
    };
    return {
        way: "page",
        output,
        listen: (port) => { port.onmessage = receive; },
        choose: (choice) => player.choose(choice),
        stop: () => player.stop(),
    };
}
