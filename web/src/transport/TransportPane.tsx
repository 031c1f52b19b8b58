import { DragEvent, useEffect, useRef, useState } from "react";
import { useNode } from "../node/store";
import { ListenCard } from "./ListenCard";
import { SinkCard } from "./SinkCard";
import { SourceCard } from "./SourceCard";
import { TransportBar } from "./TransportBar";
import { readDevices } from "./devices";
import { audioFiles } from "./files";
import { uploads } from "./uploads";
import "./transport.css";

/** Where the sound comes from, where it goes, and listening to it here. */
export function TransportPane(): JSX.Element {
    const isOpen = useNode((state) => state.connection === "open");
    // A file that was written is there when something else is played into.
    const sink = useNode(({ transport }) => (
        transport && `${transport.running} ${transport.output.type} ${transport.output.path}`
    ));
    const [isOver, setOver] = useState(false);
    const depth = useRef(0);

    useEffect(() => {
        if (isOpen) void readDevices();
    }, [isOpen]);
    useEffect(() => {
        if (isOpen) void audioFiles.read();
    }, [isOpen, sink]);

    const hasFiles = (event: DragEvent) => [...event.dataTransfer.types].includes("Files");
    const enter = (event: DragEvent, step: number) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = Math.max(0, depth.current + step);
        setOver(depth.current > 0);
    };
    const drop = (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        uploads.add([...event.dataTransfer.files]);
    };

    return (
        <div
            className={isOver ? "transport-pane dropping" : "transport-pane"}
            onDragEnter={(event) => enter(event, 1)} onDragLeave={(event) => enter(event, -1)}
            onDragOver={(event) => enter(event, 0)} onDrop={drop}
        >
            <TransportBar />
            <div className="scroll cards">
                <SourceCard />
                <SinkCard />
                <ListenCard />
            </div>
            {isOver && <div className="drop-hint" aria-hidden="true">Drop audio files to send them to the node</div>}
        </div>
    );
}
