import assert from "node:assert/strict";
import { answerTo, choose, field, mistakes, noticed, press, texts, visit } from "../lib/forms.js";
import { photo } from "../lib/picture.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient } from "../lib/world.js";

const CLIENT = { roles: ["CLIENT"] };

task("opens the own card and finds nothing of the staff there", CLIENT, async ({ server, open, t }) => {
  const page = await open();
  await visit(page, "/ui/yo");
  assert.equal(new URL(page.url()).pathname, `/ui/clientes/${server.me.id}`);
  const tabs = await texts(page.locator(".tabs a"));
  assert.deepEqual(tabs, [t.card.summary, t.card.history, t.card.preferences, t.card.photo]);
  const text = await page.locator("body").innerText();
  for (const word of [t.card.recent_notes, t.card.staff_notes, t.card.delete, t.card.activity, t.shell.trash]) {
    assert.ok(!text.includes(word), word);
  }
  assert.equal(await page.locator("#buscar").count(), 0);
  for (const path of ["historial", "imprimir", "preferencias", "foto", "editar"]) {
    await visit(page, `/ui/clientes/${server.me.id}/${path}`);
    assert.equal(await page.locator('[name="notes"]').count(), 0);
  }
});

task("may not open anything else", CLIENT, async ({ server, open, t }) => {
  const other = claimClient(server);
  const page = await open();
  expectStatus(page, 403, 404);
  for (const path of ["", "/editar", "/historial", "/preferencias", "/foto", "/imprimir"]) {
    await visit(page, `/ui/clientes/${other.id}${path}`, 404);
  }
  for (const path of ["/ui/clientes", "/ui/buscar?q=a", "/ui/papelera", "/ui/clientes/nuevo", `/ui/clientes/${server.me.id}/notas`]) {
    await visit(page, path, 403);
    await page.getByRole("heading", { name: t.problems.forbidden }).waitFor();
  }
});

task("changes the own data", CLIENT, async ({ server, open, t, language, script }) => {
  const page = await open();
  await visit(page, "/ui/yo");
  await page.getByRole("link", { name: t.shell.edit, exact: true }).click();
  await page.getByRole("heading", { name: t.profile.edit_own_title }).waitFor();
  await field(page, "email").fill("no");
  expectStatus(page, 400);
  await answerTo(page, () => press(page, t.shell.save_changes));
  assert.match((await mistakes(page)).join(), new RegExp(t.problems.bad_email));
  const company = `Taller ${language} ${script}`;
  await field(page, "email").fill("yo@correo.example");
  await field(page, "company").fill(company);
  await press(page, t.shell.save_changes);
  await noticed(page, t.shell.saved);
  await page.getByText(company).waitFor();
});

task("chooses how to be reminded", CLIENT, async ({ server, open, t }) => {
  const page = await open();
  await visit(page, `/ui/clientes/${server.me.id}/preferencias`);
  await choose(page, "communicationPreference", "SMS");
  await choose(page, "reminderTime", "BOTH");
  await press(page, t.shell.save);
  await noticed(page, t.shell.preferences_saved);
});

task("changes the own photo", CLIENT, async ({ server, open, t }) => {
  const page = await open();
  await visit(page, `/ui/clientes/${server.me.id}/foto`);
  await field(page, "file").setInputFiles(await photo());
  await page.locator(".photo-form button.primary").click();
  await noticed(page, t.shell.photo_saved);
  await press(page, t.photo.remove);
  await noticed(page, t.shell.photo_removed);
});
