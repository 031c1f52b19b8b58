// What stands in a select.

/** Options by value and title; numbers count from 0 and are shown from 1. */
export function Options({ items }: { items: number | readonly (readonly [value: string,
    title: string])[] }): JSX.Element {
    const pairs = typeof items === "number"
        ? Array.from({ length: items }, (_, index) => [String(index), String(index + 1)] as const) : items;
    return <>{pairs.map(([value, title]) => <option key={value} value={value}>{title}</option>)}</>;
}
