// A button that is on or off.
import type { ReactNode } from "react";
import { Icon, IconName } from "./Icon";

export interface ToggleProps {
    pressed: boolean;
    onChange: (pressed: boolean) => void;
    children?: ReactNode;
    icon?: IconName;
    /** the name, where there are no words */
    label?: string;
    title?: string;
    /** the colour while it is on */
    tone?: "warn" | "danger";
    disabled?: boolean;
    id?: string;
    className?: string;
}

export function Toggle({ pressed, onChange, children, icon, label, title, tone, className, ...rest }: ToggleProps): JSX.Element {
    const names = ["button", tone === undefined ? undefined : `tone-${tone}`, className].filter((name) => name !== undefined).join(" ");
    return (
        <button
            type="button"
            className={names}
            aria-pressed={pressed}
            aria-label={label}
            title={title ?? label}
            onClick={() => onChange(!pressed)}
            {...rest}
        >
            {icon !== undefined && <Icon name={icon} />}
            {children}
        </button>
    );
}
