// Buttons in the page's one form.
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, IconName } from "./Icon";

type Common = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children">;

export interface ButtonProps extends Common {
    kind?: "primary" | "danger" | "quiet";
    icon?: IconName;
    children?: ReactNode;
}

/** A button with words. */
export function Button({ kind, icon, children, className, ...rest }: ButtonProps): JSX.Element {
    const names = ["button", kind, className].filter((name) => name !== undefined).join(" ");
    return (
        <button type="button" className={names} {...rest}>
            {icon !== undefined && <Icon name={icon} />}
            {children}
        </button>
    );
}

/** A button with a picture: `label` is its name and its tooltip. */
export function IconButton({ label, icon, className, ...rest }: Common & { label: string; icon: IconName }): JSX.Element {
    return (
        <button
            type="button"
            className={className === undefined ? "icon-button" : `icon-button ${className}`}
            aria-label={label}
            title={label}
            {...rest}
        >
            <Icon name={icon} />
        </button>
    );
}
