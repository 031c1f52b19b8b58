/** What an audio worklet's scope has beside the usual; TypeScript's library does not know it. */
declare abstract class AudioWorkletProcessor {
    readonly port: MessagePort;
    abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** Hz of the audio worklet's context. */
declare const sampleRate: number;
