// Stands for `react` and `react/jsx-runtime` in what is loaded later: the page's own React, of which there must be one
// only. `scripts/page` puts it in their place.
import type { Host } from "./host";

type React = Host["react"];

export let Fragment: React["Fragment"];
export let useEffect: React["useEffect"];
export let useMemo: React["useMemo"];
export let useRef: React["useRef"];
export let useState: React["useState"];
export let jsx: React["jsx"];
export let jsxs: React["jsxs"];

/** Call before anything is drawn. */
export function takeReact(react: React): void {
    ({ Fragment, useEffect, useMemo, useRef, useState, jsx, jsxs } = react);
}
