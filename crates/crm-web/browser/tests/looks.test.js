// How pages adapt to what a browser is set to.

import assert from "node:assert/strict";
import { STAFF } from "../lib/names.js";
import { visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient } from "../lib/world.js";

const options = { engines: ["sqlite"], roles: ["RECEPTIONIST"] };

task("sees where they are with the system's own few colours", options, async ({ server, open }) => {
  const client = claimClient(server);
  const page = await open();
  await page.emulateMedia({ forcedColors: "active" });
  await visit(page, `/ui/clientes/${client.id}/notas`);
  assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
  // Without backgrounds only borders are left to tell things apart.
  for (const selector of [".tabs [aria-current]", ".chips [aria-current]", ".button.primary", "#content"]) {
    const width = await page.locator(selector).first().evaluate((one) => parseFloat(getComputedStyle(one).borderBottomWidth));
    assert.ok(width >= 1, selector);
  }
  assert.ok((await page.screenshot()).length > 1_000);
});

task("is led from page to page where motion is wanted", options, async ({ open, script }) => {
  const page = await open({ special: { reducedMotion: "no-preference" } });
  await page.addInitScript(() => {
    addEventListener("pagereveal", (event) => { window.isFaded = event.viewTransition !== null; });
  });
  await visit(page, "/ui/clientes");
  // What is pressed while a page still fades in is not lost.
  await page.locator("[data-client]").first().click();
  await page.locator('.tabs a[href$="/notas"]').click();
  await page.locator('.tabs [aria-current][href$="/notas"]').waitFor();
  if (script) assert.equal(await page.evaluate(() => window.isFaded), true);
});

task("finds the whole list on a small phone, row by row", { engines: ["sqlite"], roles: STAFF }, async ({ open }) => {
  const page = await open();
  await page.setViewportSize({ width: 320, height: 640 });
  await visit(page, "/ui/clientes");
  // It is still a table for those who hear it.
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send("Accessibility.getFullAXTree");
  const roles = nodes.filter(({ ignored }) => !ignored).map(({ role }) => role?.value);
  for (const role of ["table", "row", "cell", "columnheader", "rowheader"]) assert.ok(roles.includes(role), role);
  await devtools.detach();
});

task("keeps the focus in sight below the bar", options, async ({ server, open }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/editar`);
  await page.locator(".save button").focus();
  for (let count = 0; count < 30; count += 1) {
    await page.keyboard.press("Shift+Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) break;
    const hidden = await page.evaluate(() => {
      const { top, bottom, left, right } = document.activeElement.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const above = document.elementFromPoint(x, y);
      const one = document.activeElement;
      return above && (one.contains(above) || above.contains(one) || above.closest("label")?.contains(one)) ? null : one.outerHTML.slice(0, 100);
    });
    assert.equal(hidden, null, "covered by something else (WCAG 2.4.11)");
  }
});

task("is not followed by what another site asks for", options, async ({ open }) => {
  const page = await open();
  const answer = await visit(page, "/ui/clientes");
  const headers = answer.headers();
  assert.match(headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  expectStatus(page, 404);
  assert.equal((await page.goto("/ui/a/nada.js")).status(), 404);
});
