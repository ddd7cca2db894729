import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { STAFF } from "../lib/names.js";
import { answerTo, choose, field, noticed, press, texts, visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient, hasNoNotes, hasNoPreferences } from "../lib/world.js";

const radio = (page, name, whose) => page.locator(`[name="elegir-${name}"][value="${whose}"]`);
const other = (role) => (role === "MANAGER" ? "ADMIN" : "MANAGER");

/** Two people open the same form. */
async function both(open, role, path) {
  const [mine, theirs] = [await open(), await open({ role: other(role) })];
  await visit(mine, path);
  await visit(theirs, path);
  return [mine, theirs];
}

async function save(page, button) {
  await press(page, button);
  await page.locator(".flash").waitFor();
}

task("changes other fields than somebody else at the same time", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server);
  const [mine, theirs] = await both(open, role, `/ui/clientes/${client.id}/editar`);
  await field(theirs, "company").fill("De la otra persona");
  await save(theirs, t.shell.save_changes);
  await field(mine, "occupation").fill("De esta persona");
  await save(mine, t.shell.save_changes);
  const stored = await api(server, "GET", `/profiles/${client.id}`);
  assert.deepEqual([stored.company, stored.occupation], ["De la otra persona", "De esta persona"]);
});

task("chooses field by field where two changed the same", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server);
  const [mine, theirs] = await both(open, role, `/ui/clientes/${client.id}/editar`);
  for (const [page, name] of [[theirs, "Suyo"], [mine, "Mío"]]) {
    await field(page, "city").fill(`${name} ciudad`);
    await field(page, "company").fill(`${name} empresa`);
    await field(page, page === mine ? "occupation" : "postalCode").fill(`${name} solo`);
    if (page === theirs) await save(page, t.shell.save_changes);
  }
  expectStatus(mine, 412);
  assert.equal((await answerTo(mine, () => press(mine, t.shell.save_changes))).status(), 412);
  await mine.getByRole("heading", { name: t.problems.choose_title }).waitFor();
  assert.deepEqual(
    (await texts(mine.locator("fieldset legend"))).toSorted(),
    [t.profile.city, t.profile.company].toSorted(),
    "what only one of them changed stays as that one left it",
  );
  assert.ok(await radio(mine, "city", "mio").isChecked());
  const fieldset = mine.locator("fieldset", { hasText: t.profile.company });
  assert.deepEqual(await texts(fieldset.locator(".text")), ["Mío empresa", "Suyo empresa"]);
  await radio(mine, "company", "actual").check();
  await press(mine, t.problems.save_choice);
  await noticed(mine, t.shell.saved);
  const stored = await api(server, "GET", `/profiles/${client.id}`);
  assert.deepEqual(
    [stored.city, stored.company, stored.occupation, stored.postalCode],
    ["Mío ciudad", "Suyo empresa", "Mío solo", "Suyo solo"],
  );
});

task("settles a conflict that changed once more meanwhile", {}, async ({ server, role, open, t }) => {
  const client = claimClient(server);
  const [mine, theirs] = await both(open, role, `/ui/clientes/${client.id}/editar`);
  await field(theirs, "city").fill("Primera");
  await save(theirs, t.shell.save_changes);
  await field(mine, "city").fill("Mía");
  expectStatus(mine, 412);
  await answerTo(mine, () => press(mine, t.shell.save_changes));
  await api(server, "PUT", `/profiles/${client.id}`, { city: "Segunda" });
  const again = await answerTo(mine, () => press(mine, t.problems.save_choice));
  assert.equal(again.status(), 412);
  await mine.getByText("Segunda").waitFor();
  await press(mine, t.problems.save_choice);
  await noticed(mine, t.shell.saved);
  assert.equal((await api(server, "GET", `/profiles/${client.id}`)).city, "Mía");
});

task("settles a conflict about a note", { roles: ["ADMIN", "MANAGER"] }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const note = await api(server, "POST", "/notes", { clientProfileId: client.id, noteType: "GENERAL", content: "Uno" });
  const [mine, theirs] = await both(open, role, `/ui/clientes/${client.id}/notas/${note.id}/editar`);
  await field(theirs, "content").fill("Dos");
  await choose(theirs, "noteType", "COMPLAINT");
  await save(theirs, t.shell.save_changes);
  await field(mine, "content").fill("Tres");
  expectStatus(mine, 412);
  assert.equal((await answerTo(mine, () => press(mine, t.shell.save_changes))).status(), 412);
  await radio(mine, "content", "mio").check();
  await press(mine, t.problems.save_choice);
  await noticed(mine, t.shell.note_saved);
  assert.deepEqual(await texts(mine.locator(".note.complaint > .text")), ["Tres"]);
});

task("settles a conflict about preferences", { roles: ["ADMIN", "RECEPTIONIST"] }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoPreferences);
  // Both set them for the first time.
  const [mine, theirs] = await both(open, role, `/ui/clientes/${client.id}/preferencias`);
  await choose(theirs, "communicationPreference", "WHATSAPP");
  await field(theirs, "specialRequests").fill("Sin música");
  await save(theirs, t.shell.save);
  await choose(mine, "communicationPreference", "SMS");
  expectStatus(mine, 412);
  assert.equal((await answerTo(mine, () => press(mine, t.shell.save))).status(), 412);
  await radio(mine, "communicationPreference", "mio").check();
  if (await radio(mine, "specialRequests", "actual").count()) await radio(mine, "specialRequests", "actual").check();
  await press(mine, t.problems.save_choice);
  await noticed(mine, t.shell.preferences_saved);
  const { clientPreferences } = await api(server, "GET", `/profiles/${client.id}`);
  assert.deepEqual([clientPreferences.communicationPreference, clientPreferences.specialRequests], ["SMS", "Sin música"]);
});

task("does not delete what somebody changed meanwhile", { roles: ["ADMIN", "MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await api(server, "PUT", `/profiles/${client.id}`, { city: "Otra" });
  expectStatus(page, 412);
  assert.equal((await answerTo(page, () => press(page, t.card.delete))).status(), 412);
  await page.getByRole("heading", { name: t.problems.gone }).waitFor();
  await visit(page, `/ui/clientes/${client.id}`);
});
