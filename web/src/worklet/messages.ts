import type { ChannelChoice } from "../transport/listening/channels";
import type { ListenFigures } from "../transport/listening/player";

/** The file that is both the audio worklet and the worker that receives. */
export const listenFile = "listen.js";

/** Name of the audio worklet's processor. */
export const processorName = "soundpost-listen";

/** From the page to the processor. `port` brings packets as ArrayBuffers, "restart" before each connection's first. */
export type ToProcessor =
    | { type: "port"; port: MessagePort }
    | { type: "choose"; choice: ChannelChoice }
    | { type: "stop" };

/** From the processor to the page. */
export type FromProcessor = { type: "figures"; figures: ListenFigures } | { type: "stopped" };

/** From the page to the receiver. The port is where packets go. */
export type ToReceiver = { type: "port"; port: MessagePort } | { type: "open"; url: string } | { type: "close" };

/** From the receiver to the page. `forbidden`: the worker's own policy lets it speak to nobody. */
export type FromReceiver = { type: "open" } | { type: "lost" } | { type: "forbidden" };
