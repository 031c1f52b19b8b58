// The parts of React that the page uses, as one module: what is called by its own name needs no detour, and what
// nobody calls is left out. `scripts/page` puts it in the place of react, react-dom and their sub-modules.
export {
    Component, Fragment, createContext, forwardRef, memo, startTransition, useCallback, useContext, useDeferredValue, useEffect,
    useId, useLayoutEffect, useMemo, useReducer, useRef, useState, useSyncExternalStore,
} from "react";
export { createPortal, flushSync } from "react-dom";
export { createRoot } from "react-dom/client";
export { jsx, jsxs } from "react/jsx-runtime";
