"""What the browser keeps of the pages that need no server, on a site of three files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lite import served, wait_until_all_is_kept
from playwright.sync_api import BrowserContext, Page

from tools.build_lite import keep_in_the_browser

# As JupyterLite's own does, it takes the page over during its first visit.
THEIRS = """
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
"""
READY = """
async () => {
  await navigator.serviceWorker.register('service-worker.js')
  while (!navigator.serviceWorker.controller) await new Promise((after) => setTimeout(after, 10))
}
"""
READ = "async (path) => (await fetch(path)).text()"


def publish(site: Path, **texts: str) -> None:
    """Replace a site; each name is a file."""
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir()
    for name, text in (("service-worker.js", THEIRS), ("index.html", "A page"), *texts.items()):
        (site / name).write_text(text, encoding="utf-8")
    keep_in_the_browser(site)


def visit(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/index.html?path=notebook")
    return page


def first_visit(context: BrowserContext, address: str) -> Page:
    page = visit(context, address)
    page.evaluate(READY)
    return page


def rest(page: Page, address: str) -> None:
    """Do what JupyterLite does every 20 seconds."""
    page.evaluate("() => fetch('/api/service-worker-heartbeat')")
    wait_until_all_is_kept(page, address)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    publish(tmp_path / "course", read="old", unread="old")
    return tmp_path / "course"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with served(site.parent) as root:
        yield f"{root}/course"


def test_without_a_network_all_is_there_even_what_no_page_has_read(visitor, site):
    with served(site.parent) as root:
        rest(first_visit(visitor, f"{root}/course"), f"{root}/course")
    page = visit(visitor, f"{root}/course")
    assert page.inner_text("body") == "A page"
    assert page.evaluate(READ, "unread") == "old"


def test_what_is_kept_is_not_fetched_again(visitor, site, address):
    assert first_visit(visitor, address).evaluate(READ, "read") == "old"
    (site / "read").unlink()
    assert visit(visitor, address).evaluate(READ, "read") == "old"


def test_what_was_published_anew_is_seen_when_a_page_is_opened(visitor, site, address):
    rest(first_visit(visitor, address), address)
    publish(site, read="new", unread="old")
    page = visit(visitor, address)
    assert page.evaluate(READ, "read") == "new"
    rest(page, address)  # the old one is gone too


def test_a_file_that_is_not_the_one_of_the_list_is_read_and_not_kept(visitor, site, address):
    page = first_visit(visitor, address)
    (site / "read").write_text("on its way")
    assert page.evaluate(READ, "read") == "on its way"
    (site / "read").write_text("old")
    assert page.evaluate(READ, "read") == "old"
