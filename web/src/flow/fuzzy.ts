/**
 * How well a query fits a text: every character in order, better at the beginnings of words; undefined when it does
 * not.
 */
export function fuzzyScore(query: string, text: string): number | undefined {
    const wanted = query.toLowerCase().replace(/\s+/g, "");
    const within = text.toLowerCase();
    let score = 0;
    let from = 0;
    let streak = 0;
    for (const character of wanted) {
        const at = within.indexOf(character, from);
        if (at < 0) return undefined;
        const isStart = at === 0 || /[^a-z0-9]/.test(within[at - 1]);
        streak = at === from && from > 0 ? streak + 1 : 0;
        score += 1 + (isStart ? 8 : 0) + streak * 3 - Math.min(4, (at - from) / 4);
        from = at + 1;
    }
    return score + (within.startsWith(wanted) ? 20 : 0) - within.length / 100;
}

/** What fits the query, the best first; everything in its own order for an empty one. */
export function fuzzySearch<Item>(query: string, items: readonly Item[], texts: (item: Item) => string[]): Item[] {
    if (!query.trim()) return [...items];
    const scored = items.flatMap((item) => {
        const scores = texts(item).map((text, rank) => {
            const score = fuzzyScore(query, text);
            return score === undefined ? -Infinity : score - rank * 6;
        });
        const best = Math.max(...scores);
        return best === -Infinity ? [] : [{ item, best }];
    });
    return scored.sort((a, b) => b.best - a.best).map(({ item }) => item);
}
