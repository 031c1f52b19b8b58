import { Button, IconButton } from "../controls/Button";
import { Toggle } from "../controls/Toggle";
import { useNode } from "../node/store";
import { SeekBar } from "./SeekBar";
import { isPausable, playOrPause, setLoop, startWith, stop, stopEngine } from "./actions";

/** Play, stop, loop, position, and the engine's switch. */
export function TransportBar(): JSX.Element {
    const status = useNode((state) => state.transport);
    const isOpen = useNode((state) => state.connection === "open");
    const isRunning = status?.running ?? false;
    const isPlaying = isRunning && (status?.playing ?? false) && !status?.ended;
    const canPause = !isRunning || (status !== null && (isPausable(status) || status.ended));
    return (
        <div className="toolbar transport-bar" role="toolbar" aria-label="Transport">
            <Button
                id="transport-play" kind="primary" icon={isPlaying ? "pause" : "play"} disabled={!isOpen || !canPause}
                onClick={() => void playOrPause()} title={`${isPlaying ? "Pause" : "Play"} (space bar)`}
            >
                {isPlaying ? "Pause" : "Play"}
            </Button>
            <IconButton
                id="transport-stop" label="Stop and go to the beginning" icon="stop" disabled={!isOpen || !isRunning}
                onClick={() => void stop()}
            />
            <Toggle
                id="transport-loop" pressed={status?.loop ?? false} icon="loop" label="Loop: begin again at the end"
                disabled={!isOpen || status?.input.type !== "file"} onChange={(loop) => void setLoop(loop)}
            />
            <SeekBar />
            <Toggle
                id="transport-engine" pressed={isRunning} icon="power" disabled={!isOpen}
                title={isRunning ? "The engine runs; press to stop it" : "The engine is stopped; press to start it"}
                onChange={(pressed) => void (pressed ? startWith() : stopEngine())}
            >
                {isRunning ? "Engine runs" : "Engine stopped"}
            </Toggle>
        </div>
    );
}
