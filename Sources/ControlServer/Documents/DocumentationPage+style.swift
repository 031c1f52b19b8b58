extension DocumentationPage {
    static let style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; scroll-padding-top: 1rem;
          --line: #8884; --quiet: #8882; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem; max-width: 76rem; }
        h1 { margin: 0.5rem 0; }
        h2 { margin: 2.5rem 0 0.5rem; border-bottom: 2px solid var(--line); }
        h3 { margin: 2rem 0 0.25rem; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
        h3 a { color: inherit; text-decoration: none; }
        h3 a:hover { text-decoration: underline; }
        h3 small { font-weight: normal; opacity: 0.7; }
        p { margin: 0.25rem 0 0.5rem; max-width: 45rem; }
        .way { font-size: 0.875rem; opacity: 0.75; }
        code, pre { font: 0.875em/1.45 ui-monospace, monospace; }
        pre { margin: 0.5rem 0; padding: 0.75rem; overflow-x: auto; background: var(--quiet); border-radius: 4px; }
        pre code { font-size: inherit; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 0.9375rem; }
        th, td { padding: 0.2rem 1.25rem 0.2rem 0; border-bottom: 1px solid var(--line); }
        th, td { text-align: left; vertical-align: top; }
        th { font-weight: 600; }
        td:last-child, th:last-child { padding-right: 0; }
        nav { font-size: 0.875rem; }
        nav details { margin: 0.5rem 0; }
        nav summary { font-weight: 600; }
        nav details > a { display: inline-block; margin-right: 0.75rem; padding: 0.1rem 0; overflow-wrap: anywhere; }
        article > details { margin: 0.5rem 0; }
        @media (min-width: 60rem) {
          body { display: grid; grid-template-columns: 16rem minmax(0, 1fr); column-gap: 3rem; }
          header { grid-column: 1 / -1; }
          nav { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; align-self: start; }
          nav details > a { display: block; margin: 0 0 0 1rem; }
        }

        """
}
