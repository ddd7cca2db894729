import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { answerTo, choose, field, noticed, press, visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient, hasNoNotes } from "../lib/world.js";

const named = async (server, client, name) => api(server, "PUT", `/profiles/${client.id}`, { firstName: name, lastName: client.id });

task("deletes a client and undoes it", { roles: ["ADMIN", "MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await press(page, t.card.delete);
  await noticed(page, t.shell.client_deleted);
  assert.equal(new URL(page.url()).pathname, "/ui/clientes");
  await press(page, t.shell.undo);
  await noticed(page, t.shell.restored);
  assert.equal(new URL(page.url()).pathname, `/ui/clientes/${client.id}`);
});

task("restores a client from the trash", { roles: ["ADMIN", "MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  await named(server, client, "Restaurable");
  await api(server, "POST", "/notes", { clientProfileId: client.id, noteType: "GENERAL", content: "Vuelve con la ficha" });
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await press(page, t.card.delete);
  await noticed(page, t.shell.client_deleted);
  expectStatus(page, 404);
  await visit(page, `/ui/clientes/${client.id}`, 404);
  await visit(page, "/ui/papelera");
  const user = client.user;
  const line = page.locator(".people li", { hasText: t.labels.the_profile }).filter({ hasText: user.firstName }).first();
  await line.getByRole("button", { name: t.record.restore }).click();
  await noticed(page, t.shell.restored);
});

task("restores only what they deleted themselves", { roles: ["PROFESSIONAL", "RECEPTIONIST"] }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const write = (content, by) => api(server, "POST", "/notes", { clientProfileId: client.id, noteType: "GENERAL", content }, by);
  const [own, other] = [await write("Mía", role), await write("Ajena", "ADMIN")];
  const inTrash = async (by) => (await api(server, "GET", "/trash?take=200", undefined, by)).length;
  const before = await inTrash(role);
  await api(server, "DELETE", `/notes/${other.id}`, undefined, "ADMIN");
  assert.equal(await inTrash(role), before);
  await api(server, "DELETE", `/notes/${own.id}`, undefined, role);
  const page = await open();
  await visit(page, "/ui");
  await page.getByRole("link", { name: t.shell.trash }).click();
  const restore = page.getByRole("button", { name: t.record.restore });
  await restore.first().waitFor();
  // The latest comes first.
  await restore.first().click();
  await noticed(page, t.shell.restored);
  await visit(page, `/ui/clientes/${client.id}/notas`);
  await page.getByText("Mía", { exact: true }).waitFor();
  assert.equal(await page.getByText("Ajena", { exact: true }).count(), 0);
});

task("does not find the button to delete a client", { roles: ["PROFESSIONAL", "RECEPTIONIST"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  assert.equal(await page.getByRole("button", { name: t.card.delete }).count(), 0);
  assert.equal(await page.getByRole("link", { name: t.card.activity }).count(), 0);
  expectStatus(page, 403);
  await visit(page, `/ui/clientes/${client.id}/actividad`, 403);
  await page.getByRole("heading", { name: t.problems.forbidden }).waitFor();
});

task("undoes twice without harm", {}, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const content = { clientProfileId: client.id, noteType: "GENERAL", content: "Una" };
  await api(server, "POST", "/notes", content, role);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/notas`);
  await page.locator(".note").getByRole("button", { name: t.shell.delete }).click();
  await noticed(page, t.shell.note_deleted);
  await page.getByRole("button", { name: t.shell.undo }).dblclick();
  await page.locator(".note", { hasText: "Una" }).waitFor();
  assert.equal(await page.locator(".note").count(), 1);
});

task("reads who viewed and changed a client", { roles: ["ADMIN", "MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/editar`);
  await field(page, "city").fill("Campeche");
  await press(page, t.shell.save_changes);
  await noticed(page, t.shell.saved);
  await visit(page, `/ui/clientes/${client.id}/notas`);
  await field(page, "content").fill("Con rastro");
  await choose(page, "noteType", "GENERAL");
  await answerTo(page, () => press(page, t.notes.add));
  await visit(page, `/ui/clientes/${client.id}`);
  await page.getByRole("link", { name: t.card.activity }).click();
  const line = page.locator(".note", { hasText: `${t.record.updated}: ${t.labels.the_profile}` }).first();
  await line.locator("summary").click();
  await line.getByRole("row", { name: t.profile.city }).getByText("Campeche").waitFor();
  await page.locator(".note", { hasText: `${t.record.created}: ${t.labels.the_note}` }).first().waitFor();
});
