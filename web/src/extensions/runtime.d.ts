// What compiled JSX calls; React's own types leave it out.
import "react/jsx-runtime";

declare module "react/jsx-runtime" {
    function jsx(type: unknown, properties: unknown, key?: string): JSX.Element;
    function jsxs(type: unknown, properties: unknown, key?: string): JSX.Element;
}
