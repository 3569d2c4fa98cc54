"""The page in a real browser: Debian's Chromium, headless, at desktop and phone width, light and dark."""

from __future__ import annotations

import dataclasses
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from derivable.record import Record
from derivable.report import render_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("no Chromium is installed (Debian: apt-get install chromium)", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install 'derivable[browser]')")
AXE = importlib.util.find_spec("axe_playwright_python")
needs_axe = pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed (pip install 'derivable[browser]')")

DESKTOP, PHONE = 1280, 390
views = pytest.mark.parametrize("view", [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=str)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def address(record: Record, tmp_path: Path) -> str:
    before = dataclasses.replace(record, posts=record.posts[:1])
    path = tmp_path / "report.html"
    path.write_text(render_html(record, since=before), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Any, address: str, view: tuple[int, str]) -> Iterator[Any]:
    width, scheme = view
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.requests = []
    page.faults = []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    yield page
    context.close()


def unfold(page: Any) -> None:
    """Open every fold, and have the browser draw what lies far below as well."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate("document.querySelectorAll('.claim').forEach(part => part.style.contentVisibility = 'visible')")


# What reaches beyond the right edge and does not lie in a part that scrolls by itself, or is meant to be hidden.
OVERFLOW = """() => {
  const edge = document.documentElement.clientWidth + 1, found = [];
  for (const element of document.querySelectorAll('main *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= edge) continue;
    let inside = false;
    for (let part = element; part; part = part.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(part).overflowX) && part !== document.body) { inside = true; break; }
    if (!inside) found.push(element.tagName + '.' + element.className + ' ' + element.textContent.slice(0, 60));
  }
  return found;
}"""


@views
def test_nothing_overflows(page: Any) -> None:
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.evaluate(OVERFLOW) == []
        unfold(page)


@views
def test_links_and_anchors_resolve_and_nothing_is_requested(page: Any, address: str) -> None:
    broken = page.evaluate(
        """() => [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))
              .filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))"""
    )
    assert broken == []
    assert len(page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")) > 20
    unfold(page)
    # The icon is an empty data address; a data address never leaves the file.
    assert [url for url in page.requests if url != address and not url.startswith("data:")] == []
    assert page.faults == []


@pytest.mark.parametrize("view", [(DESKTOP, "light")], ids=str)
def test_a_link_to_a_claim_shows_it(page: Any) -> None:
    page.click("table.matrix a.cell >> nth=1")
    target = page.evaluate("document.querySelector(':target').id")
    assert target == "ssm-hippo-C4"
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top < 40")


@pytest.mark.parametrize("view", [(DESKTOP, "light")], ids=str)
def test_formulas_are_drawn_in_the_report_s_own_font(page: Any) -> None:
    assert page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(f => f.family + ' ' + f.status))") == [
        "Report Math loaded"
    ]
    assert page.evaluate("document.querySelector('math mfrac').getBoundingClientRect().height") > 15


@pytest.mark.parametrize("view", [(DESKTOP, "light")], ids=str)
def test_print_shows_the_folded_parts(page: Any) -> None:
    page.emulate_media(media="print")
    page.wait_for_function("document.querySelector('.steps .formula').checkVisibility({contentVisibilityAuto: true})")
    assert not page.evaluate("document.querySelector('nav.side').checkVisibility()")


@needs_axe
@views
def test_no_serious_accessibility_fault(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    unfold(page)
    faults = [
        (fault["id"], fault["impact"], [node["html"][:120] for node in fault["nodes"][:3]])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert faults == []
