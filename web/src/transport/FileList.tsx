import { useState } from "react";
import { Button, IconButton } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { audioFiles, shortName, useFiles } from "./files";
import { bytesText, rateText, timeText } from "./timeText";
import { UploadList } from "./UploadList";

/** The files at the node, to be played and deleted, and those on their way to it. */
export function FileList({ playing, onPlay }: { playing: string | null; onPlay: (name: string) => void }): JSX.Element {
    const { files, isRead } = useFiles((state) => state);
    const [doomed, setDoomed] = useState<string | null>(null);
    return (
        <>
            <UploadList />
            {files.length > 0 && (
                <div className="file-frame">
                    <table className="plain file-table">
                        <caption className="hidden-text">Audio files at the node</caption>
                        <thead>
                            <tr>
                                <th scope="col">File</th>
                                <th scope="col" className="numbers">Length</th>
                                <th scope="col" className="numbers">Rate</th>
                                <th scope="col" className="numbers" title="Channels">Ch.</th>
                                <th scope="col" className="numbers">Size</th>
                                <th scope="col"><span className="hidden-text">Actions</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            {files.map((file) => (
                                <tr
                                    key={file.name} data-file={file.name}
                                    className={file.name === playing ? "chosen" : ""}
                                >
                                    <th scope="row" title={file.name}>{shortName(file.name)}</th>
                                    <td className="numbers">{file.durationMs > 0 ? timeText(file.durationMs, file.durationMs < 10_000) : "–"}</td>
                                    <td className="numbers">{rateText(file.sampleRate)}</td>
                                    <td className="numbers">{file.channels}</td>
                                    <td className="numbers">{bytesText(file.bytes)}</td>
                                    <td className="actions">
                                        <IconButton
                                            label={`Play ${shortName(file.name)}`} icon="play"
                                            onClick={() => onPlay(file.name)}
                                        />
                                        <IconButton
                                            label={file.kept === false
                                                ? `${shortName(file.name)} was given at the node's start and stays`
                                                : `Delete ${file.name}`}
                                            icon="trash" disabled={file.kept === false || file.name === playing}
                                            onClick={() => setDoomed(file.name)}
                                        />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {doomed !== null && <DeleteQuestion name={doomed} onClose={() => setDoomed(null)} />}
            {isRead && files.length === 0 && (
                <p className="dim">No files yet. Upload one to play it through the chain.</p>
            )}
        </>
    );
}

function DeleteQuestion({ name, onClose }: { name: string; onClose: () => void }): JSX.Element {
    return (
        <Dialog
            title={`Delete ${name}?`} width={380} onClose={onClose}
            actions={(
                <>
                    <Button onClick={onClose}>Keep it</Button>
                    <Button
                        kind="danger" data-autofocus
                        onClick={() => {
                            onClose();
                            void audioFiles.delete(name);
                        }}
                    >
                        Delete
                    </Button>
                </>
            )}
        >
            <p>The file is taken off the node. This cannot be undone.</p>
        </Dialog>
    );
}
