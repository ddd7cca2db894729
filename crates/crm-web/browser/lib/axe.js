import axe from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What axe can't decide and people have looked at. */
const REVIEWED = [
  // The letters below the bars are too short for it to be sure that they are text; their colour is that of other quiet text.
  ["color-contrast", /<text /],
  // What the palette covers is dimmed and can't be reached.
  ["color-contrast", /paleta/],
  // A cell of a table that is scrolled sideways.
  ["color-contrast", /^<t[dh]/],
];

const isReviewed = (rule, html) => REVIEWED.some(([id, pattern]) => id === rule && pattern.test(html));

/** Puts axe into a page: by the browser, so that the page's policy does not matter, and once for many looks. */
export function addAxe(page) {
  return page.evaluate(axe.source);
}

/** What axe finds wrong, or can't decide and nobody has looked at. */
export async function axeFindings(page) {
  const { violations, incomplete } = await page.evaluate(
    (tags) => window.axe.run({ runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "incomplete"], iframes: false }),
    TAGS,
  );
  const lines = (kind, rules, matters) =>
    rules.flatMap(({ id, nodes }) =>
      nodes.filter(({ html }) => matters(id, html)).map(({ html, failureSummary }) => {
        return `${kind}: ${id}: ${html.slice(0, 160)}: ${failureSummary?.replace(/\s+/g, " ").slice(0, 200)}`;
      }),
    );
  return [...lines("wrong", violations, () => true), ...lines("undecided", incomplete, (id, html) => !isReviewed(id, html))];
}
