import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const source = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const TAGS = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const FINDINGS = { resultTypes: ["violations", "incomplete"], iframes: false };

/** What axe looks for. It takes a good part of the suite's time, so what can't have changed is not looked for again. */
export const LOOK = {
  everything: { ...FINDINGS, runOnly: TAGS },
  /** At another width the style sheets are the same. */
  atWidth: { ...FINDINGS, runOnly: TAGS, preload: false, rules: { "css-orientation-lock": { enabled: false } } },
  /** In another theme all but the colours is the same. */
  inTheme: { ...FINDINGS, runOnly: COLOURS, preload: false },
};

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
  return page.evaluate(source);
}

/** What axe finds wrong, or can't decide and nobody has looked at. */
export async function axeFindings(page, look = LOOK.everything) {
  const { violations, incomplete } = await page.evaluate(async (options) => {
    const { violations, incomplete } = await window.axe.run(options);
    // What passed would be most of what comes over the wire.
    return { violations, incomplete };
  }, look);
  const lines = (kind, rules, matters) =>
    rules.flatMap(({ id, nodes }) =>
      nodes.filter(({ html }) => matters(id, html)).map(({ html, failureSummary }) => {
        return `${kind}: ${id}: ${html.slice(0, 160)}: ${failureSummary?.replace(/\s+/g, " ").slice(0, 200)}`;
      }),
    );
  return [...lines("wrong", violations, () => true), ...lines("undecided", incomplete, (id, html) => !isReviewed(id, html))];
}
