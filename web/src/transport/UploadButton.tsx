import { useRef } from "react";
import { Button } from "../controls/Button";
import { uploads } from "./uploads";

const endings = ".wav,.flac,.aif,.aiff,.ogg,.w64,.caf,.au,.mp3";

/** Chooses files here and sends them to the node. */
export function UploadButton(): JSX.Element {
    const picker = useRef<HTMLInputElement>(null);
    return (
        <>
            <Button
                icon="upload" onClick={() => picker.current?.click()}
                title="WAV, FLAC, AIFF, Ogg and other audio files up to 256 MiB; they can be dropped on this pane too"
            >
                Upload files…
            </Button>
            <span className="dim">or drop them here</span>
            <input
                ref={picker} id="upload-files" type="file" multiple hidden accept={`audio/*,${endings}`}
                onChange={(event) => {
                    uploads.add([...(event.target.files ?? [])]);
                    event.target.value = "";
                }}
            />
        </>
    );
}
