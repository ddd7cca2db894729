import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { api } from "../lib/api.js";
import { STAFF, TENANTS } from "../lib/names.js";
import { answerTo, field, mistakes, press, texts, visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { quietClients } from "../lib/world.js";

const tenant = TENANTS.quiet;
const ZONE = "America/Mexico_City";
const pageOf = (client) => `/ui/clientes/${client.id}/historial`;
const dayOf = (time) => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date(time));
const past = (server, client, query = "take=200") =>
  api(server, "GET", `/profiles/${client.id}/history?${query}`, undefined, "ADMIN", tenant);
const money = (amount) => `$${amount.toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
const known = {};

/** A client with enough history: payments, and appointments on several days. */
async function regular(server) {
  known[server.url] ??= (async () => {
    for (const client of quietClients(server)) {
      const history = await past(server, client);
      const days = new Set(history.appointmentHistory.map(({ startTime }) => dayOf(startTime)));
      if (days.size > 4 && history.statistics.totalPaid > 0) return { client, history };
    }
    throw new Error("nobody came often enough");
  })();
  return known[server.url];
}

task("reads appointments, services and payments", { roles: STAFF }, async ({ server, open, t }) => {
  const { client, history } = await regular(server);
  const page = await open({ tenant });
  await visit(page, `/ui/clientes/${client.id}`);
  await page.getByRole("link", { name: t.card.whole_history }).click();
  await page.waitForURL(/historial/);
  const visits = page.locator(".visit");
  const shown = history.appointmentHistory.slice(0, 20);
  assert.equal(await visits.count(), shown.length);
  assert.deepEqual(await texts(visits.locator(".visit-head strong")), shown.map(({ service }) => service.name));
  const times = await visits.locator("time").evaluateAll((all) => all.map(({ dateTime }) => Date.parse(dateTime)));
  assert.deepEqual(times, shown.map(({ startTime }) => Date.parse(startTime)));
  // Only what was received stands out.
  const received = ({ status }) => ["PAID", "PARTIAL"].includes(status);
  const paid = shown.flatMap(({ payments }) => payments.filter(received).map(({ amount }) => money(amount)));
  assert.deepEqual((await texts(page.locator(".payments .amount"))).toSorted(), paid.toSorted());
  const { completed, totalPaid } = history.statistics;
  const figures = await texts(page.locator(".figures dd"));
  assert.deepEqual(figures.slice(0, 2), [String(completed), money(totalPaid)]);
  const services = await texts(page.locator(".scroll tbody th"));
  assert.deepEqual(services.toSorted(), history.serviceHistory.map(({ serviceName }) => serviceName).toSorted());
});

task("reads the picture of payments as numbers too", { roles: STAFF }, async ({ server, open, t }) => {
  const { client } = await regular(server);
  const page = await open({ tenant });
  await visit(page, pageOf(client));
  const picture = page.locator("svg.bars");
  if (await picture.count()) {
    assert.equal(await picture.getAttribute("role"), "img");
    const bars = await picture.locator("title").allTextContents();
    assert.equal(bars.length, 12);
    await page.getByText(t.history.as_numbers).click();
    const rows = page.locator("details[open] tbody tr");
    const numbers = await rows.evaluateAll((all) => all.map((row) => `${row.cells[0].textContent}: ${row.cells[1].textContent}`));
    assert.deepEqual(numbers, bars);
  } else {
    await page.getByText(t.history.no_payments).first().waitFor();
  }
});

task("looks at a period", { roles: STAFF }, async ({ server, open, t }) => {
  const { client, history } = await regular(server);
  const days = history.appointmentHistory.map(({ startTime }) => dayOf(startTime)).toSorted();
  const [from, until] = [days[1], days.at(-2)];
  const expected = days.filter((day) => day >= from && day <= until);
  const page = await open({ tenant });
  await visit(page, pageOf(client));
  await field(page, "desde").fill(from);
  await field(page, "hasta").fill(until);
  await press(page, t.shell.filter);
  await page.waitForURL(/hasta=/);
  assert.equal(await page.locator(".visit").count(), Math.min(expected.length, 20));
  await page.getByRole("link", { name: t.shell.clear_filters }).click();
  await page.waitForURL(/historial$/);
  await visit(page, `${pageOf(client)}?desde=1999-01-01&hasta=1999-01-02`);
  await page.getByText(t.history.empty_period).waitFor();

  await visit(page, pageOf(client));
  await field(page, "desde").fill(until);
  await field(page, "hasta").fill("1999-01-01");
  expectStatus(page, 400);
  assert.equal((await answerTo(page, () => press(page, t.shell.filter))).status(), 400);
  assert.match((await mistakes(page)).join(), new RegExp(t.history.bad_period));
  assert.equal(await field(page, "hasta").inputValue(), "1999-01-01");
});

task("downloads the history for a spreadsheet", { roles: STAFF }, async ({ server, open, t }) => {
  const { client, history } = await regular(server);
  const page = await open({ tenant });
  await visit(page, pageOf(client));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: t.history.csv }).click(),
  ]);
  assert.match(download.suggestedFilename(), new RegExp(`^${t.history.file}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
  const file = (await buffer(await download.createReadStream())).toString();
  assert.equal(file[0], "\uFEFF");
  const [head, ...lines] = file.slice(1).trimEnd().split(/\r?\n/);
  assert.match(head, new RegExp(`^${t.history.csv_date},${t.history.csv_start},${t.history.csv_end},${t.history.csv_status}`));
  assert.equal(lines.length, history.appointmentHistory.length);
  const rows = lines.map((line) => line.split(","));
  assert.deepEqual(rows.map(([day]) => day).toSorted(), history.appointmentHistory.map(({ startTime }) => dayOf(startTime)).toSorted());
  const paid = history.appointmentHistory.flatMap(({ payments }) => payments).reduce((sum, { amount }) => sum + amount, 0);
  const column = head.split(",").indexOf(t.history.csv_paid);
  // No name has a comma in the demo data; cells with one would be quoted.
  const sum = rows.reduce((total, row) => total + Number(row[column]), 0);
  assert.equal(sum.toFixed(2), paid.toFixed(2));
});

task("is told that there is no history", {}, async ({ server, open, t }) => {
  for (const client of quietClients(server)) {
    const { totalAppointments, appointmentHistory } = await past(server, client, "take=1");
    if (totalAppointments || appointmentHistory.length) continue;
    const page = await open({ tenant });
    await visit(page, pageOf(client));
    await page.getByText(t.history.empty).waitFor();
    await page.getByText(t.history.no_services).waitFor();
    return;
  }
});
