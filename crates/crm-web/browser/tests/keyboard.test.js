// Every task by keyboard alone. Keys are counted from the moment the page is there; typing text and holding Shift do not count.

import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { noticed, texts, visit } from "../lib/forms.js";
import { photo } from "../lib/picture.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient, claimUser, hasEmail, hasNoNotes, hasNoPreferences } from "../lib/world.js";

/** Most times Tab is pressed to get somewhere: beyond it the way is too long for anybody. */
const MOST_TABS = 60;

/** A keyboard that counts, and never clicks. */
function keyboard(page) {
  const counts = { keys: 0, tabs: 0 };
  const focused = (selector) => page.evaluate((one) => document.activeElement?.matches(one) ?? false, selector);
  return {
    counts,
    type: (text) => page.keyboard.type(text),
    async press(key) {
      counts[/^(Shift\+)?Tab$/.test(key) ? "tabs" : "keys"] += 1;
      await page.keyboard.press(key);
    },
    /** Goes on with Tab until this has the focus, which must be seen. */
    async to(selector, key = "Tab") {
      for (let count = 0; !(await focused(selector)); count += 1) {
        assert.ok(count < MOST_TABS, `${selector} can't be reached`);
        await this.press(key);
      }
      const ring = await page.evaluate(() => {
        const { outlineStyle, outlineWidth, borderWidth } = getComputedStyle(document.activeElement);
        return [outlineStyle, outlineWidth, borderWidth];
      });
      assert.ok(ring[0] !== "none" && parseFloat(ring[1]) >= 2, `the focus on ${selector} is not seen: ${ring}`);
    },
  };
}

/** At most so many keys besides Tab, and so many Tabs. */
function holds({ counts }, keys, tabs, what) {
  console.log(`keyboard: ${what}: ${counts.keys} keys and ${counts.tabs} times Tab`);
  assert.ok(counts.keys <= keys, `${what}: ${counts.keys} keys, at most ${keys}`);
  assert.ok(counts.tabs <= tabs, `${what}: ${counts.tabs} times Tab, at most ${tabs}`);
}

const options = { engines: ["sqlite"] };

task("finds a client and opens it with two keys", { ...options, script: true }, async ({ server, open }) => {
  const client = claimClient(server, hasEmail);
  const page = await open();
  await visit(page, "/ui/papelera");
  const keys = keyboard(page);
  await keys.press("Control+k");
  await keys.type(client.email);
  await keys.press("Enter");
  await page.waitForURL(`**/ui/clientes/${client.id}`);
  holds(keys, 2, 0, "find a client and open it");
});

task("finds a client through the bar", { ...options, script: false }, async ({ server, open }) => {
  const client = claimClient(server, hasEmail);
  const page = await open();
  await visit(page, "/ui/clientes");
  const keys = keyboard(page);
  await keys.to("#buscar");
  await keys.type(client.email);
  await keys.press("Enter");
  await page.waitForURL(/buscar/);
  await keys.to(`[href="/ui/clientes/${client.id}"]`);
  await keys.press("Enter");
  await page.waitForURL(`**/ui/clientes/${client.id}`);
  holds(keys, 2, 12, "find a client through the bar");
});

task("skips the navigation", options, async ({ open }) => {
  const page = await open();
  await visit(page, "/ui/clientes");
  const keys = keyboard(page);
  await keys.to(".skip");
  assert.equal(keys.counts.tabs, 1);
  await keys.press("Enter");
  await keys.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null));
});

task("adds a general note", options, async ({ server, open, t, script }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  const keys = keyboard(page);
  await keys.to(`a[href$="/notas#content"]`);
  await keys.press("Enter");
  await page.waitForURL(/notas/);
  // The link leads to the field itself.
  await keys.to("#content");
  await keys.type("Con el teclado");
  if (script) {
    await keys.press("Control+Enter");
  } else {
    await keys.to("form.panel .save button");
    await keys.press("Enter");
  }
  await noticed(page, t.shell.note_created);
  assert.deepEqual(await texts(page.locator(".note > .text")), ["Con el teclado"]);
  holds(keys, 3, 20, "add a general note");
});

task("marks an allergy", options, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/notas#content`);
  const keys = keyboard(page);
  await keys.to("#content");
  await keys.type("Alérgica al amoniaco");
  await keys.to('[name="noteType"]');
  await keys.press("ArrowDown");
  await keys.to("form.panel .save button");
  await keys.press("Enter");
  await noticed(page, t.shell.note_created);
  await page.locator(".note.medical").waitFor();
  holds(keys, 10, 20, "mark an allergy");
});

task("creates a client", options, async ({ server, open, t }) => {
  const user = claimUser(server);
  const page = await open();
  await visit(page, `/ui/clientes/nuevo/${user.id}`);
  const keys = keyboard(page);
  await keys.to("#firstName");
  await keys.press("Control+a");
  await keys.type("Teclado");
  await keys.to("#lastName");
  await keys.press("Control+a");
  await keys.type(`Sinratón ${user.id.slice(-6)}`);
  await keys.press("Enter");
  await noticed(page, t.shell.client_created);
  holds(keys, 8, 15, "create a client");
});

task("changes the reminder to WhatsApp, 24 hours and 1 hour before", options, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoPreferences);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/preferencias`);
  const keys = keyboard(page);
  await keys.to('[name="communicationPreference"]');
  await keys.press("ArrowUp");
  await keys.to('[name="reminderTime"]');
  await keys.press("ArrowUp");
  await keys.press("Enter");
  await noticed(page, t.shell.preferences_saved);
  assert.ok(await page.locator('[value="WHATSAPP"]').isChecked());
  assert.ok(await page.locator('[value="BOTH"]').isChecked());
  holds(keys, 9, 25, "change the reminder");
});

task("undoes a deletion", options, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  await api(server, "POST", "/notes", { clientProfileId: client.id, noteType: "GENERAL", content: "Vuelve" }, role);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/notas`);
  await page.locator(".note .acts button").press("Enter");
  await noticed(page, t.shell.note_deleted);
  const keys = keyboard(page);
  await keys.to(".flash button");
  await keys.press("Enter");
  await noticed(page, t.shell.restored);
  holds(keys, 3, 2, "undo a deletion");
});

task("uploads a photo", options, async ({ server, open, t }) => {
  const client = claimClient(server, hasEmail);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/foto`);
  const keys = keyboard(page);
  await keys.to("#file");
  // The dialog that a key opens here is the system's.
  await page.locator("#file").setInputFiles(await photo());
  await keys.to(".photo-form .primary");
  await keys.press("Enter");
  await noticed(page, t.shell.photo_saved);
  holds(keys, 5, 20, "upload a photo");
});

task("resolves a conflict of two fields", { ...options, roles: ["MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server, hasEmail);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/editar`);
  await api(server, "PUT", `/profiles/${client.id}`, { city: "Suya", company: "Suya" });
  await page.locator("#city").fill("Mía");
  await page.locator("#company").fill("Mía");
  expectStatus(page, 412);
  await page.locator("#company").press("Enter");
  await page.getByRole("heading", { name: t.problems.choose_title }).waitFor();
  const keys = keyboard(page);
  await keys.to('[name="elegir-city"]');
  await keys.press("ArrowDown");
  await keys.to('[name="elegir-company"]');
  await keys.press("ArrowDown");
  await keys.press("Enter");
  await noticed(page, t.shell.saved);
  holds(keys, 6, 20, "resolve a conflict");
});
