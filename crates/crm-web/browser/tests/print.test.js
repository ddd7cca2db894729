import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { STAFF } from "../lib/names.js";
import { press, texts, visit } from "../lib/forms.js";
import { task } from "../lib/task.js";
import { claimClient, hasNoNotes, nameOf } from "../lib/world.js";

const reads = (role) => role !== "RECEPTIONIST";

task("prints a card with the chosen sections", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  for (const [noteType, content] of [["GENERAL", "Nota para el papel"], ["MEDICAL", "Alergia al látex"]]) {
    await api(server, "POST", "/notes", { clientProfileId: client.id, noteType, content });
  }
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await page.getByRole("link", { name: t.card.print }).click();
  const sheet = page.locator(".sheet");
  await sheet.getByRole("heading", { level: 1, name: nameOf(client) }).waitFor();
  // What is medical stays on the screen unless somebody asks for it.
  assert.equal(await sheet.getByText("Alergia al látex").count(), 0);
  await page.locator('[value="notas"]').check();
  await page.locator('[value="medicas"]').check();
  await page.locator('[value="historial"]').uncheck();
  await press(page, t.card.print_update);
  await page.waitForURL(/medicas/);
  await sheet.getByText("Nota para el papel").waitFor();
  assert.equal(await sheet.getByText("Alergia al látex").count(), reads(role) ? 1 : 0);
  assert.equal(await sheet.locator(".figures").count(), 0);

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.deepEqual(await texts(page.locator("header:visible, footer:visible, nav:visible, form:visible, button:visible")), []);
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(paper, "rgb(255, 255, 255)");
});

task("prints by a button", { script: true, engines: ["sqlite"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/imprimir`);
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute("data-printed", "");
  });
  await press(page, t.card.print_now);
  await page.locator("html[data-printed]").waitFor();
  const paper = await page.pdf({ format: "Letter" });
  assert.equal(paper.subarray(0, 5).toString(), "%PDF-");
});
