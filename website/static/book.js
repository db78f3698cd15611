// What Sphinx, its theme and MyST-NB leave to a page itself.

// What is found is shown as plain text, where a formula would be its TeX.
if (typeof Search !== "undefined") {
  const { htmlToText } = Search;
  Search.htmlToText = (...page) => htmlToText(...page).replace(/\\\(.*?\\\)|\\\[.*?\\\]/gs, "…");
}

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
