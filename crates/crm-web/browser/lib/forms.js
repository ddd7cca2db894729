// What people do with the pages again and again.

import assert from "node:assert/strict";

/** Presses a button of the page, by its whole name. */
export function press(page, name) {
  return page.locator("main").getByRole("button", { name, exact: true }).click();
}

/** Waits for the notice that says this. */
export async function noticed(page, text) {
  await page.locator(".flash p", { hasText: text }).waitFor();
}

/** A field by its name in the form. */
export function field(page, name) {
  return page.locator(`main [name="${name}"]`);
}

/** Chooses one of a few. */
export function choose(page, name, value) {
  return page.locator(`main [name="${name}"][value="${value}"]`).check();
}

/** What is wrong, as the summary above the form says. */
export async function mistakes(page) {
  await page.locator("#problemas").waitFor();
  return page.locator("#problemas li").allTextContents();
}

/** Opens a page that must answer with this status. */
export async function visit(page, path, status = 200) {
  const answer = await page.goto(path);
  assert.equal(answer.status(), status, path);
  return answer;
}

/** Does what leads to another page, waits until it is there, and tells its answer after all redirects. */
export async function answerTo(page, act) {
  const isPage = (answer) => {
    const request = answer.request();
    return request.isNavigationRequest() && request.frame() === page.mainFrame() && ![302, 303].includes(answer.status());
  };
  const [answer] = await Promise.all([page.waitForResponse(isPage), page.waitForEvent("domcontentloaded"), act()]);
  return answer;
}

/** The texts of all that match, without the space around them. */
export async function texts(locator) {
  return (await locator.allTextContents()).map((text) => text.trim());
}
