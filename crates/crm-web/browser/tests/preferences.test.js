import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { STAFF } from "../lib/names.js";
import { answerTo, choose, field, mistakes, noticed, press, texts, visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient, hasNoPreferences } from "../lib/world.js";

const pageOf = (client) => `/ui/clientes/${client.id}/preferencias`;
const sentence = (t, channel, reminder) => new RegExp(`${channel}, ${reminder.toLowerCase()}\\.`);

task("sets preferences and changes them", { roles: STAFF }, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoPreferences);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await page.getByRole("link", { name: t.card.set_preferences }).click();
  await page.getByText(t.preferences.defaults).waitFor();
  assert.ok(await page.locator('[name="communicationPreference"][value="EMAIL"]').isChecked());
  await choose(page, "communicationPreference", "WHATSAPP");
  await choose(page, "reminderTime", "BOTH");
  const services = page.locator('[name="preferredServices"]');
  const names = await texts(page.locator('label:has([name="preferredServices"]) span'));
  await services.nth(0).check();
  await services.nth(1).check();
  await page.locator('[name="preferredStaff"]').first().check();
  await field(page, "specialRequests").fill("Silla junto a la ventana");
  await press(page, t.shell.save);
  await noticed(page, t.shell.preferences_saved);
  await page.getByText(sentence(t, t.labels.whatsapp, t.labels.both)).waitFor();
  const listed = await page.locator(".details .text").first().textContent();
  assert.deepEqual(listed.split(", ").toSorted(), names.slice(0, 2).toSorted());
  assert.ok(await services.nth(1).isChecked());

  await choose(page, "reminderTime", "HOURS_1");
  await services.nth(0).uncheck();
  await field(page, "specialRequests").fill("");
  await press(page, t.shell.save);
  await noticed(page, t.shell.preferences_saved);
  await page.getByText(sentence(t, t.labels.whatsapp, t.labels.hours_1)).waitFor();
  assert.equal(await page.locator(".details .text").first().textContent(), names[1]);
  await visit(page, `/ui/clientes/${client.id}`);
  await page.getByText(sentence(t, t.labels.whatsapp, t.labels.hours_1)).waitFor();
  if (client.phone) await page.locator(".contacts li").first().getByText(t.card.prefers).waitFor();
});

task("keeps what was typed into preferences that are wrong", {}, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoPreferences);
  const page = await open();
  await visit(page, pageOf(client));
  const long = "ñ".repeat(2_001);
  await choose(page, "communicationPreference", "SMS");
  await field(page, "specialRequests").fill(long);
  expectStatus(page, 400);
  assert.equal((await answerTo(page, () => press(page, t.shell.save))).status(), 400);
  assert.match((await mistakes(page)).join(), /2,000/);
  assert.equal(await field(page, "specialRequests").inputValue(), long);
  assert.ok(await page.locator('[name="communicationPreference"][value="SMS"]').isChecked());
});

task("merges a change of preferences with that of somebody else", {}, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoPreferences);
  const made = await api(server, "POST", "/preferences", { clientProfileId: client.id, communicationPreference: "EMAIL" });
  const page = await open();
  await visit(page, pageOf(client));
  await api(server, "PUT", `/preferences/${made.id}`, { specialRequests: "Sin perfume" });
  await choose(page, "reminderTime", "BOTH");
  await press(page, t.shell.save);
  await noticed(page, t.shell.preferences_saved);
  assert.equal(await field(page, "specialRequests").inputValue(), "Sin perfume");
  assert.ok(await page.locator('[name="reminderTime"][value="BOTH"]').isChecked());
});

task("sets preferences once although the form is sent twice", {}, async ({ server, open, t }) => {
  const client = claimClient(server, hasNoPreferences);
  const page = await open();
  await visit(page, pageOf(client));
  await choose(page, "communicationPreference", "SMS");
  await page.locator("main").getByRole("button", { name: t.shell.save, exact: true }).dblclick();
  await page.locator(".flash").waitFor();
  await page.getByText(sentence(t, t.labels.sms, t.labels.hours_24)).waitFor();
});
