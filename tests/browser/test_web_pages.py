"""What a reader sees who never runs anything: the notebooks as pages of the web."""

from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, expect

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_explorer_is_a_sharp_picture_with_its_headline_as_alternative(
    browser: Browser, notebook, tmp_path
):
    page = browser.new_page()
    html, _ = HTMLExporter().from_filename(str(notebook))
    file = tmp_path / f"{notebook.stem}.html"
    file.write_text(html, encoding="utf-8")
    page.route("http*://**", lambda route: route.fulfill(body=""))
    page.goto(file.as_uri())
    stored = str(nbformat.read(notebook, as_version=4))
    explorers = page.locator(".explorer")
    assert explorers.count() == stored.count('class="explorer"') > 0
    for explorer in explorers.all():
        still = explorer.locator("img")
        expect(still).to_be_visible()
        # Twice as many pixels as it is wide, for sharp screens and for who enlarges the page.
        assert still.evaluate("img => img.naturalWidth / img.width") >= 2
        assert still.get_attribute("alt") == explorer.locator("strong").first.text_content()
        assert "A still picture of the first state" in explorer.text_content()
    # A page without scripts and styles from afar is enough for what our own output must bring.
    found = Axe().run(page, context=".explorer", options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.close()
