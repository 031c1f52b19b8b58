import { readPacket } from "../transport/listening/packet";
import { StreamPlayer } from "../transport/listening/player";
import { FromProcessor, ToProcessor, processorName } from "./messages";

/** Blocks between two reports to the page: about a tenth of a second. */
const reportBlocks = 36;

/** Makes the processor known to the audio worklet. */
export function register(): void {
    class ListenProcessor extends AudioWorkletProcessor {
        private readonly player = new StreamPlayer(sampleRate);
        private blocks = 0;

        constructor() {
            super();
            this.port.onmessage = (event: MessageEvent<ToProcessor>) => this.take(event.data);
        }

        private take(message: ToProcessor): void {
            switch (message.type) {
                case "port":
                    message.port.onmessage = (event: MessageEvent<ArrayBuffer | "restart">) => this.receive(event.data);
                    break;
                case "choose":
                    this.player.choose(message.choice);
                    break;
                case "stop":
                    this.player.stop();
                    break;
            }
        }

        private receive(data: ArrayBuffer | "restart"): void {
            if (data === "restart") {
                this.player.restart();
                return;
            }
            const packet = readPacket(data);
            if (packet) this.player.push(packet);
        }

        process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
            const [left, right] = outputs[0];
            this.player.pull(left, right ?? left);
            this.blocks += 1;
            if (this.player.stopped) {
                this.tell({ type: "stopped" });
                return false;
            }
            if (this.blocks % reportBlocks === 0) this.tell({ type: "figures", figures: this.player.figures() });
            return true;
        }

        private tell(message: FromProcessor): void {
            this.port.postMessage(message);
        }
    }
    registerProcessor(processorName, ListenProcessor);
}
