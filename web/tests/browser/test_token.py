"""A node that asks for its access token on loopback too."""

from __future__ import annotations

from harness import Bench, NodeOptions
from playwright.sync_api import Page, expect

NODE = NodeOptions(source="tone", environment={"SOUNDPOST_BACKEND__REQUIRETOKEN": "true"})


def give(page: Page, token: str) -> None:
    dialog = page.get_by_role("dialog", name="Access token")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Token")).to_be_focused()
    page.keyboard.type(token)
    page.keyboard.press("Enter")


def token_of(bench: Bench) -> str:
    token = bench.node.token
    assert token
    return token


def test_the_page_asks_until_the_token_is_right(bench: Bench) -> None:
    page = bench.new_page(wait=False)
    bench.allow(r"\b401\b|HTTP Authentication failed")
    alert = page.get_by_role("dialog", name="Access token").get_by_role("alert")
    expect(alert).to_contain_text("asks for its access token")
    give(page, "wrong-" + token_of(bench))
    expect(alert).to_contain_text("not the access token")
    give(page, token_of(bench))
    bench.wait_until_connected(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    bench.wait_until_connected(page)


def test_a_token_in_the_address_is_taken_out_of_it(bench: Bench) -> None:
    page = bench.new_page(url=f"{bench.node.url}?token={token_of(bench)}")
    assert "token" not in page.url, page.url
    page.locator("body").click(position={"x": 640, "y": 2})
    page.keyboard.press("m")
    bench.wait_for(lambda: bench.api.output()["muted"], "what the page asks for is done")


def test_another_tab_is_asked_again(bench: Bench) -> None:
    bench.allow(r"\b401\b|HTTP Authentication failed")
    page = bench.new_page(url=f"{bench.node.url}?token={token_of(bench)}")
    other = bench.new_page(context=page.context, wait=False)
    give(other, token_of(bench))
    bench.wait_until_connected(other)
