import { useState } from "react";
import { MeterSource, matching } from "./sources";

/** A searchable list in which several sources can be chosen. */
export function SourceList({ sources, chosen, onChange }: {
    sources: MeterSource[];
    chosen: readonly string[];
    onChange: (id: string, isChosen: boolean) => void;
}): JSX.Element {
    const [search, setSearch] = useState("");
    const found = matching(sources, search);
    return (
        <>
            <input
                type="search" value={search} placeholder="Search modules" aria-label="Search modules"
                onChange={(event) => setSearch(event.target.value)}
                onKeyDown={(event) => {
                    if (event.key !== "Enter" || found.length === 0) return;
                    onChange(found[0].id, !chosen.includes(found[0].id));
                    setSearch("");
                }}
            />
            <div className="source-list" role="group" aria-label="What to meter">
                {found.map((source) => (
                    <label key={source.id}>
                        <input
                            type="checkbox" checked={chosen.includes(source.id)}
                            onChange={(event) => onChange(source.id, event.target.checked)}
                        />
                        <span className="name">{source.label}</span>
                        <span className="kind">{source.kind}</span>
                    </label>
                ))}
                {found.length === 0 && <p>Nothing here is called that.</p>}
            </div>
        </>
    );
}
