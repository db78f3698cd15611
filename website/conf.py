"""How Sphinx makes the book. It reads the executed notebooks and runs nothing."""

import course_lib
from course_lib.language import _
from website.languages import spoken

language = spoken().locale or "en"
project = html_title = _("Adaptive learning rates")
author = "The Adaptive Learning Rates course authors"
release = course_lib.__version__
extensions = ["myst_nb", "website.pages", "website.chinese_search"]
templates_path = ["templates"]

nb_execution_mode = "off"
nb_code_prompt_show = _("Show the {type}")
nb_code_prompt_hide = _("Hide the {type}")
nb_mime_priority_overrides = [("html", "text/html", 0)]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "website.pages.anchor"

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_js_files = [("book.js", {"defer": "defer"})]
html_favicon = "static/favicon.svg"
html_sourcelink_suffix = ""
html_show_sphinx = False
html_use_index = False
html_context = {"default_mode": "auto"}
html_sidebars = {
    "**": ["home.html", "languages.html", "search-button-field.html", "sbt-sidebar-nav.html"]
}
html_theme_options = {
    "navbar_persistent": [],
    "article_header_start": ["toggle-primary-sidebar.html", "run.html"],
    "article_footer_items": ["exercises.html"],
    "use_fullscreen_button": False,
    "search_bar_text": _("Search the course"),
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": _("Text and figures: CC BY 4.0. Code: BSD 3-Clause."),
}

# Its own fonts lie beside it: nothing is asked of another server.
mathjax_path = "mathjax/tex-chtml.js"
mathjax4_config = {
    "loader": {"paths": {"mathjax-newcm": "[mathjax]/newcm"}},
    "output": {"fontPath": "[mathjax]/newcm", "displayOverflow": "scroll"},
}
