import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { STAFF } from "../lib/names.js";
import { answerTo, choose, field, mistakes, noticed, press, texts, visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient, hasNoNotes } from "../lib/world.js";

const TYPES = ["GENERAL", "MEDICAL", "PREFERENCE", "COMPLAINT"];
/** Types that each role reads although somebody else wrote the note. */
const READS = {
  ADMIN: TYPES,
  MANAGER: TYPES,
  PROFESSIONAL: ["GENERAL", "MEDICAL", "PREFERENCE"],
  RECEPTIONIST: ["GENERAL", "PREFERENCE", "COMPLAINT"],
};

const pageOf = (client) => `/ui/clientes/${client.id}/notas`;
const write = (server, client, noteType, content, role, more) =>
  api(server, "POST", "/notes", { clientProfileId: client.id, noteType, content, ...more }, role);
const shown = (page) => texts(page.locator(".notes .note > .text"));

task("adds a note of every type and reads it", { roles: STAFF }, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, pageOf(client));
  await page.getByText(t.notes.empty).waitFor();
  for (const type of TYPES) {
    await field(page, "content").fill(`Renglón uno\nRenglón dos de ${type}`);
    await choose(page, "noteType", type);
    await press(page, t.notes.add);
    await noticed(page, t.shell.note_created);
  }
  assert.deepEqual(await shown(page), TYPES.toReversed().map((type) => `Renglón uno\nRenglón dos de ${type}`));
  // All of them: whoever writes a note reads it, whatever its type.
  assert.deepEqual(await texts(page.locator(".chips .count")), ["(4)", "(1)", "(1)", "(1)", "(1)"]);
});

task("reads and counts only the notes of others that the role may read", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const author = role === "ADMIN" ? "MANAGER" : "ADMIN";
  for (const type of TYPES) await write(server, client, type, `Nota ${type}`, author);
  await write(server, client, "GENERAL", "Nota escondida", author, { isPrivate: true });
  const readable = READS[role].map((type) => `Nota ${type}`);
  const expected = role === "ADMIN" ? [...readable, "Nota escondida"] : readable;

  const page = await open();
  await visit(page, pageOf(client));
  assert.deepEqual(await shown(page), expected.toReversed());
  assert.equal(await page.locator(".chips .count").first().textContent(), `(${expected.length})`);
  assert.equal(await page.locator(".tabs .count").textContent(), `(${expected.length})`);
  assert.equal(await page.locator(".chips a").count(), READS[role].length + 1);
  for (const place of [0, 1, 2]) {
    await page.locator(".chips a").nth(1 + place).click();
    await page.locator(".chips li").nth(1 + place).locator("[aria-current]").waitFor();
    const count = Number(/\d+/.exec(await page.locator(".chips [aria-current] .count").textContent())[0]);
    assert.equal((await shown(page)).length, count);
  }
  await visit(page, `/ui/clientes/${client.id}`);
  assert.equal(await page.locator(".alert").count(), READS[role].includes("MEDICAL") ? 1 : 0);
  assert.equal((await page.content()).includes("Nota escondida"), role === "ADMIN");
  if (READS[role].includes("MEDICAL")) {
    await page.getByRole("link", { name: t.card.see_notes }).click();
    await page.waitForURL(/tipo=MEDICAL/);
    assert.deepEqual(await shown(page), ["Nota MEDICAL"]);
  }
});

task("hides a note from others", { roles: ["MANAGER", "PROFESSIONAL"] }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, pageOf(client));
  await field(page, "content").fill("Solo para mí");
  await field(page, "isPrivate").check();
  await press(page, t.notes.add);
  await noticed(page, t.shell.note_created);
  await page.locator(".note .tag", { hasText: t.notes.private }).waitFor();
  const other = await open({ role: role === "MANAGER" ? "PROFESSIONAL" : "MANAGER" });
  await visit(other, pageOf(client));
  assert.deepEqual(await shown(other), []);
  await other.getByText(t.notes.empty).waitFor();
  const admin = await open({ role: "ADMIN" });
  await visit(admin, pageOf(client));
  assert.deepEqual(await shown(admin), ["Solo para mí"]);
});

task("changes its own note", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  await write(server, client, "GENERAL", "Antes", role);
  const page = await open();
  await visit(page, pageOf(client));
  await page.locator(".note").getByRole("link", { name: t.shell.edit }).click();
  assert.equal((await field(page, "content").inputValue()).trim(), "Antes");
  await field(page, "content").fill("Después");
  await choose(page, "noteType", "PREFERENCE");
  await press(page, t.shell.save_changes);
  await noticed(page, t.shell.note_saved);
  assert.deepEqual(await shown(page), ["Después"]);
  await page.locator(".note.preference .by", { hasText: t.notes.edited }).waitFor();
});

task("may not change what others wrote", { roles: ["PROFESSIONAL", "RECEPTIONIST"] }, async ({ server, open }) => {
  const client = claimClient(server, hasNoNotes);
  const note = await write(server, client, "GENERAL", "De la gerencia", "MANAGER");
  const page = await open();
  await visit(page, pageOf(client));
  assert.equal(await page.locator(".note .acts").count(), 0);
  expectStatus(page, 403);
  await visit(page, `${pageOf(client)}/${note.id}/editar`, 403);
});

task("deletes a note and undoes it", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  await write(server, client, "GENERAL", "Se queda", role);
  await write(server, client, "GENERAL", "Se va", role);
  const page = await open();
  await visit(page, pageOf(client));
  await page.locator(".note", { hasText: "Se va" }).getByRole("button", { name: t.shell.delete }).click();
  await noticed(page, t.shell.note_deleted);
  assert.deepEqual(await shown(page), ["Se queda"]);
  await press(page, t.shell.undo);
  await noticed(page, t.shell.restored);
  assert.deepEqual(await shown(page), ["Se va", "Se queda"]);
});

task("keeps what was typed into a note that is wrong", {}, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, pageOf(client));
  const long = "ñ".repeat(5_003);
  await field(page, "content").fill(long);
  await choose(page, "noteType", "COMPLAINT");
  expectStatus(page, 400);
  const answer = await answerTo(page, () => press(page, t.notes.add));
  assert.equal(answer.status(), 400);
  assert.equal((await mistakes(page)).length, 1);
  assert.match((await mistakes(page))[0], /5,000.*3/s);
  assert.match(await page.title(), /^Error: /);
  assert.equal(await field(page, "content").inputValue(), long);
  assert.ok(await page.locator('[name="noteType"][value="COMPLAINT"]').isChecked());
  await field(page, "content").fill("Corta");
  await press(page, t.notes.add);
  await noticed(page, t.shell.note_created);
});

task("sends a note twice and has it once", {}, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, pageOf(client));
  await field(page, "content").fill("Una sola vez");
  await page.getByRole("button", { name: t.notes.add }).dblclick();
  await page.locator(".flash").waitFor();
  await page.reload();
  assert.deepEqual(await shown(page), ["Una sola vez"]);
  // What is saved does not wait to be saved again.
  await page.goBack();
  assert.equal(await field(page, "content").inputValue(), "");
  assert.deepEqual(await shown(page), ["Una sola vez"]);
});

task("leafs through many notes and unfolds a long one", { roles: ["MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  for (let number = 1; number <= 24; number += 1) await write(server, client, "GENERAL", `Nota ${number}`);
  const long = Array.from({ length: 40 }, (_, line) => `Línea ${line + 1}`).join("\n");
  await write(server, client, "GENERAL", long);
  const page = await open();
  await visit(page, pageOf(client));
  assert.equal(await page.locator(".note").count(), 20);
  await page.locator(".note summary").click();
  assert.equal(await page.locator(".note details > .text").innerText(), long);
  await page.getByRole("link", { name: t.notes.older }).click();
  await page.getByRole("link", { name: t.notes.newest }).waitFor();
  assert.deepEqual(await shown(page), ["Nota 5", "Nota 4", "Nota 3", "Nota 2", "Nota 1"]);
});

task("asks before typed text is left behind", { script: true, engines: ["sqlite"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, pageOf(client));
  await field(page, "content").fill("A medias");
  const asked = page.waitForEvent("dialog");
  const leaving = page.getByRole("link", { name: t.shell.clients, exact: true }).click({ noWaitAfter: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  await leaving;
  assert.equal(await field(page, "content").inputValue(), "A medias");
  page.on("dialog", () => assert.fail("it asks although the note is sent"));
  await press(page, t.notes.add);
  await noticed(page, t.shell.note_created);
});
