import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { STAFF, TENANTS } from "../lib/names.js";
import { answerTo, field, press, texts, visit } from "../lib/forms.js";
import { task } from "../lib/task.js";
import { nameOf, quietClients } from "../lib/world.js";

const tenant = TENANTS.quiet;
const names = (page) => texts(page.locator("[data-client]"));
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const digits = (text) => (text ?? "").replace(/\D/g, "");
const rows = (page) => page.locator(".list tbody tr");

/** By the button, whether or not the results are there already. */
const filter = (page, t) => answerTo(page, () => press(page, t.shell.filter));

task("reads figures and leafs through the list", { roles: STAFF }, async ({ server, open, t }) => {
  const clients = quietClients(server);
  const page = await open({ tenant });
  await visit(page, "/ui");
  assert.equal(new URL(page.url()).pathname, "/ui/clientes");
  const figures = await texts(page.locator(".figures dd"));
  assert.equal(figures.length, 3);
  assert.equal(figures[0], clients.length.toLocaleString("es-MX"));
  assert.equal(await rows(page).count(), 50);
  await page.locator(".pager p", { hasText: /^1 \S+ 50 / }).waitFor();
  const first = await names(page);
  await page.getByRole("link", { name: t.shell.next, exact: true }).click();
  await page.locator(".pager p", { hasText: /^51 \S+ 100 / }).waitFor();
  const second = await names(page);
  assert.notDeepEqual(first, second);
  await page.getByRole("link", { name: t.shell.previous, exact: true }).click();
  await page.locator(".pager p", { hasText: /^1 \S+ 50 / }).waitFor();
  assert.deepEqual(await names(page), first);
  const last = Math.ceil(clients.length / 50);
  await visit(page, `/ui/clientes?pagina=${last}`);
  assert.equal(await rows(page).count(), clients.length - (last - 1) * 50);
  assert.equal(await page.locator('[rel="next"]').count(), 0);
});

task("sorts by name and by date", { roles: STAFF }, async ({ server, open, t }) => {
  const all = quietClients(server);
  const page = await open({ tenant });
  await visit(page, "/ui/clientes");
  assert.deepEqual((await names(page)).map(bare), all.map(nameOf).map(bare).toSorted().slice(0, 50));
  await field(page, "orden").selectOption("recientes");
  await filter(page, t);
  await page.waitForURL(/orden=recientes/);
  const latest = all.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, 50);
  assert.deepEqual(await names(page), latest.map(nameOf));
});

task("finds without accents, by part of a name and by the end of a phone", { roles: STAFF }, async ({ server, open, t }) => {
  const clients = quietClients(server);
  const accented = clients.find((client) => client.lastName && bare(client.lastName) !== client.lastName.toLowerCase());
  const called = clients.find((client) => digits(client.phone).length >= 10);
  const page = await open({ tenant });
  await visit(page, "/ui/clientes");
  await field(page, "q").last().fill(bare(nameOf(accented)));
  await filter(page, t);
  await page.waitForURL(/q=/);
  assert.ok((await names(page)).includes(nameOf(accented)));
  const word = bare(accented.lastName.split(" ")[0]);
  await visit(page, `/ui/clientes?q=${encodeURIComponent(word.toUpperCase())}`);
  assert.ok((await rows(page).count()) > 0);
  const four = digits(called.phone).slice(-4);
  await visit(page, `/ui/buscar?q=${four}`);
  assert.ok((await names(page)).includes(nameOf(called)));
  await page.locator(`.list a[href^="tel:"]`).first().waitFor();
});

task("filters by city and birthday, and drops the filters", { roles: STAFF }, async ({ server, open, t }) => {
  const clients = quietClients(server);
  const month = new Intl.DateTimeFormat("en", { month: "2-digit", timeZone: "America/Mexico_City" }).format(new Date());
  const total = (page) => page.locator("#resultados [role=status]").textContent();
  const page = await open({ tenant });
  const amount = async () => Number(/[\d,]+/.exec(await total(page))[0].replace(",", ""));
  await visit(page, "/ui/clientes");
  await page.getByText(t.list.more_filters).click();
  await field(page, "ciudad").fill("merida");
  await filter(page, t);
  await page.waitForURL(/ciudad=merida/);
  assert.equal(await amount(), clients.filter(({ city }) => city === "Mérida").length);
  assert.ok((await texts(page.locator(".list td:nth-child(4)"))).every((city) => city === "Mérida"));

  await page.getByRole("link", { name: t.shell.clear_filters, exact: true }).click();
  await page.waitForURL(/\/clientes$/);
  assert.equal(await amount(), clients.length);

  const born = clients.filter(({ dateOfBirth }) => dateOfBirth?.slice(5, 7) === month);
  await visit(page, "/ui/clientes?cumple=1");
  assert.equal(await amount(), born.length);
  assert.ok(born.length > 0);
});

/** Somebody who came within a month, somebody who came within a year, and somebody who did not. */
async function byLastVisit(server) {
  const found = {};
  for (const client of quietClients(server)) {
    const { statistics } = await api(server, "GET", `/profiles/${client.id}/history?take=1`, undefined, "ADMIN", tenant);
    const days = (Date.now() - new Date(statistics.lastVisit ?? 0)) / (24 * 60 * 60 * 1000);
    if (days < 29) found.lately ??= client;
    else if (days > 31 && days < 364) found.thisYear ??= client;
    else if (days > 366) found.longAgo ??= client;
    if (found.lately && found.thisYear && found.longAgo) return found;
  }
  throw new Error("nobody came lately, or nobody stayed away");
}

task("finds who has not come for a month or a year", { roles: STAFF }, async ({ server, open, t }) => {
  const { lately, thisYear, longAgo } = await byLastVisit(server);
  const page = await open({ tenant });
  const isShown = async ({ id }) => (await page.locator(`[data-client][href="/ui/clientes/${id}"]`).count()) === 1;
  const search = (client, days) => visit(page, `/ui/clientes?sin_visita=${days}&q=${encodeURIComponent(nameOf(client))}`);
  await search(lately, 30);
  assert.ok(!(await isShown(lately)));
  await search(thisYear, 30);
  assert.ok(await isShown(thisYear));
  await field(page, "sin_visita").selectOption("365");
  await filter(page, t);
  await page.waitForURL(/sin_visita=365/);
  assert.ok(!(await isShown(thisYear)));
  await search(longAgo, 365);
  assert.ok(await isShown(longAgo));
});

task("is told that nobody matches", { roles: STAFF }, async ({ open, t }) => {
  const page = await open({ tenant });
  await visit(page, "/ui/clientes?q=xyzxyz");
  await page.getByRole("heading", { name: t.list.none_title }).waitFor();
  assert.match(await page.locator("main .empty").textContent(), /xyzxyz/);
  await page.locator("main .empty").getByRole("link", { name: t.shell.clear_filters }).click();
  await rows(page).first().waitFor();
  await visit(page, "/ui/buscar?q=xyzxyz");
  assert.match(await page.locator("#resultados").textContent(), /xyzxyz/);
});

task("searches from every page by the box in the bar", { roles: STAFF }, async ({ server, open, t }) => {
  const client = quietClients(server)[3];
  const page = await open({ tenant });
  await visit(page, `/ui/clientes/${client.id}`);
  await page.locator("#buscar").fill(nameOf(client));
  await page.locator("#buscar").press("Enter");
  await page.waitForURL(/\/ui\/buscar\?/);
  await page.locator("[data-client]", { hasText: nameOf(client) }).first().click();
  await page.getByRole("heading", { level: 1, name: nameOf(client) }).waitFor();
});

task("sees results while typing", { script: true, roles: ["RECEPTIONIST"] }, async ({ server, open }) => {
  const client = quietClients(server)[7];
  const page = await open({ tenant });
  await visit(page, "/ui/clientes");
  const input = page.locator("#q");
  await input.pressSequentially(bare(nameOf(client)));
  await page.waitForURL(/q=/);
  await page.locator("[data-client]", { hasText: nameOf(client) }).first().waitFor();
  assert.ok((await rows(page).count()) < 50);
  assert.ok(await input.evaluate((one) => one === document.activeElement), "the focus stays");
  // The address can be kept: it shows the same.
  const found = await names(page);
  await page.reload();
  assert.deepEqual(await names(page), found);
});

task("opens a client from the palette", { script: true, roles: ["PROFESSIONAL"] }, async ({ server, open }) => {
  const client = quietClients(server)[9];
  const page = await open({ tenant });
  await visit(page, "/ui/papelera");
  await page.keyboard.press("Control+k");
  await page.locator("#paleta-q").pressSequentially("xyzxyz");
  await page.locator("#paleta [data-said]", { hasText: "xyzxyz" }).waitFor();
  await page.locator("#paleta-q").fill(nameOf(client));
  await page.locator("#paleta li", { hasText: nameOf(client) }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#paleta [aria-selected=true]").count(), 1);
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("#paleta").isVisible()));
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: nameOf(client) }).waitFor();
});
