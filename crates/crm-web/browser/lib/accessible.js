// Every state of every page in a language: what axe finds, in both themes at three widths, and what can be measured.

import assert from "node:assert/strict";
import { LOOK, addAxe, axeFindings } from "./axe.js";
import { TEXT_SPACING, addStyle, clippedText, overflow, overfullControls, smallTargets } from "./layout.js";
import { after, before, test } from "./registry.js";
import { STATES, prepareStates } from "./states.js";
import { closeWindow, expectStatus, openWindow } from "./window.js";
import { words } from "./words.js";

const WIDTHS = [1280, 768, 320];

/** Collects under a name what is found. */
function collect(found, where, lines) {
  for (const line of lines) found.push(`${where}: ${line}`);
}

async function lookAt(page) {
  const found = [];
  await addAxe(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    collect(found, `${width} px, sticks out`, await overflow(page));
    collect(found, `${width} px, too small`, await smallTargets(page));
    collect(found, `${width} px, does not fit`, await overfullControls(page));
    for (const [colorScheme, look] of [["light", width === WIDTHS[0] ? LOOK.everything : LOOK.atWidth], ["dark", LOOK.inTheme]]) {
      await page.emulateMedia({ colorScheme });
      const moving = await page.evaluate(() => document.getAnimations().map(({ transitionProperty, id }) => transitionProperty ?? id));
      collect(found, "moves although motion is unwanted", moving);
      collect(found, `${width} px, ${colorScheme}`, await axeFindings(page, look));
    }
  }
  await page.emulateMedia({ colorScheme: null });

  await addStyle(page, TEXT_SPACING);
  collect(found, "320 px, wider spacing, sticks out", await overflow(page));
  collect(found, "320 px, wider spacing, cut off", [...(await clippedText(page)), ...(await overfullControls(page))]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await addStyle(page, "html { font-size: 200% !important }");
  collect(found, "twice the text, sticks out", await overflow(page));
  collect(found, "twice the text, cut off", [...(await clippedText(page)), ...(await overfullControls(page))]);
  return found;
}

/** Tests every state in a language. */
export function testStates(language) {
  let servers;
  before(async () => {
    servers = await prepareStates();
  });
  after(async () => {
    await servers?.remove();
  });
  for (const [name, { role = "ADMIN", tenant, status, isBare, go }] of Object.entries(STATES)) {
    test(`anybody can use ${name} (${language})`, async () => {
      const server = isBare ? servers.bare : servers.world;
      const window = await openWindow(server, { role, tenant, language });
      let found;
      try {
        if (status) expectStatus(window.page, status);
        await go(window.page, server, words(language));
        found = await lookAt(window.page);
        // Where hostile text is shown, nothing of it may have run.
        assert.doesNotMatch(await window.page.title(), /^malo$/);
      } catch (error) {
        await closeWindow(window, true);
        throw error;
      }
      await closeWindow(window);
      assert.deepEqual(found, []);
    });
  }
}
