// A row of tabs: arrow keys go from one to the next, Home and End to the ends.
import type { KeyboardEvent, ReactNode } from "react";
import "./tabs.css";

export interface TabsProps<T extends string> {
    label: string;
    tabs: { id: T; title: string; badge?: ReactNode }[];
    selected: T;
    onSelect: (id: T) => void;
    /** prefix of the ids of tabs and panels: panels have the id `${prefix}-panel-${id}` */
    prefix: string;
    children?: ReactNode;
}

export function Tabs<T extends string>({ label, tabs, selected, onSelect, prefix, children }: TabsProps<T>): JSX.Element {
    const turn = (event: KeyboardEvent<HTMLDivElement>): void => {
        const index = tabs.findIndex((tab) => tab.id === selected);
        const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
        if (next === undefined) return;
        event.preventDefault();
        const tab = tabs[(next + tabs.length) % tabs.length];
        onSelect(tab.id);
        document.getElementById(`${prefix}-tab-${tab.id}`)?.focus();
    };
    return (
        <div className="tabs">
            <div role="tablist" aria-label={label} onKeyDown={turn}>
                {tabs.map((tab) => (
                    <button
                        key={tab.id}
                        type="button"
                        role="tab"
                        id={`${prefix}-tab-${tab.id}`}
                        aria-selected={tab.id === selected}
                        aria-controls={`${prefix}-panel-${tab.id}`}
                        tabIndex={tab.id === selected ? 0 : -1}
                        onClick={() => onSelect(tab.id)}
                    >
                        {tab.title}
                        {tab.badge}
                    </button>
                ))}
            </div>
            {children}
        </div>
    );
}
