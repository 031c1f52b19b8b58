"""What axe-core finds in a page, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = [*GUIDELINES, "best-practice"]


def violations(page: Page, within: str = "html", rules: list[str] = RULES) -> list[str]:
    """Breaches of the Web Content Accessibility Guidelines (levels A and AA) and of axe's own good practice.

    The page's context must have been made with `bypass_csp`, because the checker is a script of our own.
    """
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.add_script_tag(path=AXE)
    found = page.evaluate(
        "([within, tags]) => axe.run(within, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })",
        [within, rules],
    )
    return [_words(violation) for violation in found["violations"]]


def _words(violation: dict[str, Any]) -> str:
    places = [
        f"{' '.join(map(str, node['target']))}: {_why(node)}" for node in violation["nodes"][:6]
    ]
    more = len(violation["nodes"]) - len(places)
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n      " + "\n      ".join(
        places + ([f"and {more} more"] if more > 0 else [])
    )


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks) or node["html"][:120]
