// What can be measured of a page as it is shown.

/** By how many pixels a page is wider than the window, and what sticks out. */
export function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide <= 0) return [];
    const outside = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return [`${wide}px`, ...outside.slice(0, 3).map((one) => one.outerHTML.slice(0, 100))];
  });
}

/** What can be pressed but is smaller than 24 by 24 pixels, unless it stands in a line of text (WCAG 2.5.8). */
export function smallTargets(page) {
  return page.evaluate(() => {
    const pressable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]";
    const isInText = (one) => getComputedStyle(one).display === "inline";
    // A box is as large as the label around it.
    const target = (one) => (one.matches("[type=radio], [type=checkbox]") ? (one.closest("label") ?? one) : one);
    return [...document.querySelectorAll(pressable)]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !isInText(one))
      .map((one) => [one, target(one).getBoundingClientRect()])
      // What is hidden but for screen readers is one pixel large.
      .filter(([, { width, height }]) => width > 1 && (width < 24 || height < 24))
      .map(([one, { width, height }]) => `${width}x${height} ${one.outerHTML.slice(0, 100)}`);
  });
}

/** Text that its own box cuts off. */
export function clippedText(page) {
  return page.evaluate(() => {
    const cuts = (one) => {
      const { overflowX, overflowY } = getComputedStyle(one);
      const hides = (value) => ["hidden", "clip"].includes(value);
      return (hides(overflowX) && one.scrollWidth > one.clientWidth + 1) || (hides(overflowY) && one.scrollHeight > one.clientHeight + 1);
    };
    const isHidden = (one) => getComputedStyle(one).clipPath !== "none" || one.closest("svg") || !one.checkVisibility();
    return [...document.querySelectorAll("body *")]
      .filter((one) => one.textContent.trim() && !isHidden(one) && cuts(one))
      .map((one) => one.outerHTML.slice(0, 100));
  });
}

/** Buttons and fields whose text does not fit them, which browsers cut off without saying so. */
export function overfullControls(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".button, .tabs a, .chips a, .tag, th, td, dd, dt")]
      // What scrolls by itself, and what is only there for screen readers, is not cut off.
      .filter((one) => one.checkVisibility() && !one.closest(".scroll, .list thead, .hidden"))
      .filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map((one) => `${one.scrollWidth} in ${one.clientWidth}: ${one.outerHTML.slice(0, 100)}`),
  );
}

/** The spacing that people with dyslexia may set (WCAG 1.4.12). */
export const TEXT_SPACING =
  "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }";

/** Changes the page's style as a user's own style sheet would. */
export async function addStyle(page, css) {
  // By the browser, not by the page, whose policy forbids it.
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }, css);
}
