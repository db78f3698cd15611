"""Every notebook in the browser against its stored outputs; minutes, and so run on demand.

nox -s every_notebook_in_a_browser
"""

import pytest
from browser.lab import NOTEBOOKS
from browser.lite import open_notebook, run_all, stored


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_says_what_it_has_stored(visitor, lite, notebook):
    page = visitor.new_page()
    open_notebook(page, lite, f"notebooks/{notebook.name}")
    pairs = zip(run_all(page, 1800), stored(notebook), strict=True)
    differing = [
        f"cell {i}:\n{said}\nstored:\n{kept}"
        for i, (said, kept) in enumerate(pairs, 1)
        if said != kept
    ]
    assert not differing, "\n\n".join(differing)
