"""The search of the Chinese books: a Sphinx extension.

Chinese has no blanks between words. Sphinx cuts a page into words and takes what is asked for one,
so that it finds no word of two parts. Here each character is found, and what is longer by all its
pairs of neighbours, which page and question are cut into alike.
"""

import re

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

HAN = "\u3400-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")
# Not const: the page looks whether there is one, and declares its own with var.
SPLITTER = rf"""
var splitQuery = (query) =>
  (query.match(/[{HAN}]+|(?:(?![{HAN}])[\p{{Letter}}\p{{Number}}_])+/gu) ?? []).flatMap((run) =>
    /[{HAN}]{{2}}/.test(run) ? [...run].slice(1).map((next, i) => run[i] + next) : [run]);
"""


class SearchChinese(SearchEnglish):
    """Words as in English, and Chinese by characters and pairs."""

    lang = "zh"
    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:
        found = []
        for run in RUN.findall(input):
            chinese = re.match(f"[{HAN}]", run)
            pairs = map(str.__add__, run, run[1:])
            found += [*run, *pairs] if chinese else [run]
        return found


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_search_language(SearchChinese)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
