// What Sphinx, its theme and MyST-NB leave to a page itself.

// What is found is shown as plain text, where a formula would be its TeX.
if (typeof Search !== "undefined") {
  const { htmlToText } = Search;
  Search.htmlToText = (...page) => htmlToText(...page).replace(/\\\(.*?\\\)|\\\[.*?\\\]/gs, "…");
}

// A page is long: a browser scrolls to what was found on it and marks it, if it knows how, and if
// it takes it for a whole word, which in Chinese it often does not.
document.querySelector("#search-results")?.addEventListener("click", ({ target }) => {
  const link = target.closest("a");
  const asked = new URLSearchParams(location.search).get("q")?.trim().split(/\s+/) ?? [];
  const marked = asked.map((word) => `text=${encodeURIComponent(word)}`).join("&");
  if (link && !link.hash) link.hash = `:~:${marked}`;
});

// Paper cannot be unfolded, and it is white. What was folded or dark before is so afterwards. The
// source of a picture, which is folded apart from it, is not what is read on paper.
const { dataset } = document.documentElement;
let folded = [];
let theme = "";
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open], .above-input)")];
  for (const details of folded) details.open = true;
  theme = dataset.theme;
  dataset.theme = "light";
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  dataset.theme = theme;
});

// The sections are the same in every language: the switch leads to the one that is being read.
const sections = [...document.querySelectorAll("article section")];
for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    const read = sections.findLastIndex((section) => section.getBoundingClientRect().top < 100);
    link.hash = read > 0 ? `section-${read}` : "";
  });
}
sections[location.hash.match(/^#section-(\d+)$/)?.[1]]?.scrollIntoView();
