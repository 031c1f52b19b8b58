// The notices at the foot of the page.
import { useSyncExternalStore } from "react";
import { IconButton } from "../controls/Button";
import { dismiss, hold, notices } from "./notices";
import "./notices.css";

export function NoticeList(): JSX.Element {
    const shown = useSyncExternalStore(notices.subscribe, notices.get);
    return (
        <div className="notices" role="log" aria-live="polite" aria-label="Notices" aria-relevant="additions text">
            {shown.map((notice) => (
                <div
                    key={notice.id}
                    className={`notice ${notice.kind}`}
                    onPointerEnter={() => hold(notice.id, true)}
                    onPointerLeave={() => hold(notice.id, false)}
                >
                    <span>
                        {notice.text}
                        {notice.count > 1 && <b> ×{notice.count}</b>}
                    </span>
                    <IconButton label="Close this notice" icon="close" onClick={() => dismiss(notice.id)} />
                </div>
            ))}
        </div>
    );
}
