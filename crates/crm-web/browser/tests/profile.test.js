import assert from "node:assert/strict";
import { api } from "../lib/api.js";
import { STAFF } from "../lib/names.js";
import { answerTo, choose, field, mistakes, noticed, press, texts, visit } from "../lib/forms.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient, claimUser, nameOf } from "../lib/world.js";

const DATA = {
  firstName: "Íñigo Ángel",
  lastName: "Núñez «Pingüino» O'Brien & Cía",
  dateOfBirth: "15/01/1990",
  phone: "+52 (55) 1234-5678",
  alternatePhone: "55 8765 4321",
  email: "inigo@correo.example",
  alternateEmail: "otro@correo.example",
  address: "Calle 5 #10\nCol. Centro",
  city: "Mérida",
  state: "Yucatán",
  postalCode: "97000",
  country: "México",
  occupation: "Diseño",
  company: "Ñandú",
  emergencyContactName: "Zoë",
  emergencyContactPhone: "55 1111 2222",
  notes: "Paga con tarjeta 💳",
};

/** Somebody nobody is like, so that no duplicate is offered. */
function somebody() {
  const number = String(Math.floor(Math.random() * 1e8)).padStart(8, "0");
  const letters = [...number].map((digit) => "bcdfghjklm"[digit]).join("");
  return {
    ...DATA,
    lastName: `${DATA.lastName} ${letters}`,
    phone: `55 ${number.slice(0, 4)} ${number.slice(4)}`,
    email: `${letters}@correo.example`,
  };
}

async function fill(page, data) {
  for (const [name, value] of Object.entries(data)) await field(page, name).fill(value);
}

task("creates a client for a user without a profile", { roles: STAFF }, async ({ server, open, t }) => {
  const user = claimUser(server);
  const data = somebody();
  const page = await open();
  await visit(page, "/ui/clientes");
  await page.getByRole("link", { name: t.list.new_client }).first().click();
  await field(page, "q").last().fill(user.name);
  await answerTo(page, () => press(page, t.shell.search));
  await page.locator(`a[href="/ui/clientes/nuevo/${user.id}"]`).click();
  await field(page, "firstName").waitFor();
  assert.equal(`${await field(page, "firstName").inputValue()} ${await field(page, "lastName").inputValue()}`.trim(), user.name);
  assert.notEqual(await field(page, "email").inputValue(), "");
  await fill(page, data);
  await choose(page, "gender", "PREFER_NOT_TO_SAY");
  await press(page, t.profile.create);
  await noticed(page, t.shell.client_created);

  const name = `${data.firstName} ${data.lastName}`;
  assert.equal(await page.locator("h1").textContent(), name);
  await page.getByText(t.labels.prefer_not_to_say).waitFor();
  const text = await page.locator("main").innerText();
  for (const one of ["city", "state", "postalCode", "company", "occupation", "notes", "emergencyContactName"]) {
    assert.ok(text.includes(data[one]), one);
  }
  await page.getByRole("link", { name: t.shell.edit, exact: true }).click();
  for (const [one, value] of Object.entries(data)) {
    if (!/phone/i.test(one)) assert.equal(await field(page, one).inputValue(), value, one);
  }
});

task("finds a client of the agenda to make a profile", { roles: STAFF }, async ({ open, t }) => {
  const page = await open();
  await visit(page, "/ui/clientes/nuevo");
  await page.getByRole("link", { name: t.profile.from_agenda }).click();
  await page.getByRole("link", { name: t.profile.from_agenda }).and(page.locator("[aria-current]")).waitFor();
  // A client with a profile leads to it, one with only an account to the form.
  const seen = page.getByRole("link", { name: `${t.profile.see}: ` }).first();
  const [name, href] = [(await seen.getAttribute("aria-label")).split(": ")[1], await seen.getAttribute("href")];
  await field(page, "q").last().fill(name);
  await answerTo(page, () => press(page, t.shell.search));
  await page.waitForURL(/q=/);
  await page.locator(`main a[href="${href}"]`).click();
  await page.waitForURL(`**${href}`);
  await visit(page, "/ui/clientes/nuevo?de=agenda&q=xyzxyz");
  await page.getByText(t.profile.nobody_found).waitFor();
});

task("keeps everything typed into a form that is wrong", { roles: ["ADMIN", "RECEPTIONIST"] }, async ({ server, open, t }) => {
  const user = claimUser(server);
  const page = await open();
  await visit(page, `/ui/clientes/nuevo/${user.id}`);
  const wrong = { ...somebody(), email: "no es un correo", phone: "12", city: "x".repeat(101), dateOfBirth: "01/01/2100" };
  await fill(page, wrong);
  await choose(page, "gender", "OTHER");
  expectStatus(page, 400);
  const answer = await answerTo(page, () => press(page, t.profile.create));
  assert.equal(answer.status(), 400);
  const said = await mistakes(page);
  for (const sentence of [t.problems.bad_email, t.problems.bad_phone, t.problems.future, "100"]) {
    assert.ok(said.some((one) => one.includes(sentence)), `${sentence} in ${said}`);
  }
  assert.equal(said.length, 4);
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.evaluate(() => document.activeElement.id), "problemas");
  for (const [name, value] of Object.entries(wrong)) assert.equal(await field(page, name).inputValue(), value, name);
  assert.ok(await page.locator('[name="gender"][value="OTHER"]').isChecked());
  await page.locator("#problemas a").first().click();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true");
  await fill(page, somebody());
  await press(page, t.profile.create);
  await noticed(page, t.shell.client_created);
});

task("is shown possible duplicates before a client is created", { roles: STAFF }, async ({ server, open, t }) => {
  const like = claimClient(server, ({ phone }) => phone);
  const user = claimUser(server);
  const page = await open();
  await visit(page, `/ui/clientes/nuevo/${user.id}`);
  await fill(page, { ...somebody(), phone: like.phone });
  expectStatus(page, 409);
  const answer = await answerTo(page, () => press(page, t.profile.create));
  assert.equal(answer.status(), 409);
  await page.getByText(t.profile.same_person, { exact: true }).waitFor();
  const line = page.locator("main li", { hasText: t.profile.same_phone });
  assert.equal(await line.locator("a").getAttribute("href"), `/ui/clientes/${like.id}`);
  assert.equal(await field(page, "city").inputValue(), DATA.city);
  await press(page, t.profile.create_anyway);
  await noticed(page, t.shell.client_created);
});

task("creates one client although the form is sent twice", {}, async ({ server, open, t }) => {
  const user = claimUser(server);
  const page = await open();
  await visit(page, `/ui/clientes/nuevo/${user.id}`);
  await fill(page, somebody());
  await page.getByRole("button", { name: t.profile.create }).dblclick();
  await page.locator(".flash").waitFor();
  const card = page.url();
  // Somebody else had the form open, and lands on the same card.
  const [profile] = await api(server, "GET", `/profiles?userId=${user.id}`);
  assert.equal(card, `${server.url}/ui/clientes/${profile.id}`);
});

task("changes a client", { roles: STAFF }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await page.getByRole("link", { name: t.shell.edit, exact: true }).click();
  await fill(page, DATA);
  await choose(page, "gender", "FEMALE");
  await press(page, t.shell.save_changes);
  await noticed(page, t.shell.saved);
  assert.equal(await page.locator("h1").textContent(), `${DATA.firstName} ${DATA.lastName}`);
  // What is emptied is gone.
  await page.getByRole("link", { name: t.shell.edit, exact: true }).click();
  await fill(page, { company: "", notes: "" });
  await press(page, t.shell.save_changes);
  await noticed(page, t.shell.saved);
  assert.ok(!(await page.locator("main").innerText()).includes(DATA.notes));
  const stored = await api(server, "GET", `/profiles/${client.id}`);
  assert.deepEqual([stored.company, stored.notes, stored.gender, stored.city], [null, null, "FEMALE", DATA.city]);
  assert.equal(stored.dateOfBirth.slice(0, 10), "1990-01-15");
});

task("says what is wrong with a change and keeps it", {}, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/editar`);
  await fill(page, { email: "x@", city: "Tulum" });
  expectStatus(page, 400);
  assert.equal((await answerTo(page, () => press(page, t.shell.save_changes))).status(), 400);
  assert.match((await mistakes(page)).join(), new RegExp(t.problems.bad_email));
  assert.equal(await field(page, "city").inputValue(), "Tulum");
  await fill(page, { email: "x@y.example" });
  await press(page, t.shell.save_changes);
  await noticed(page, t.shell.saved);
});

task("reads a card", { roles: STAFF }, async ({ server, open, t, language }) => {
  const client = claimClient(server);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Mexico_City" }).format(new Date());
  const born = `${Number(today.slice(0, 4)) - 36}${today.slice(4)}`;
  const change = { phone: "55 1234 5678", email: "ana+x@correo.example", dateOfBirth: born.replace("02-29", "02-28") };
  await api(server, "PUT", `/profiles/${client.id}`, change);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  const href = (name) => page.locator(".contacts").getByRole("link", { name }).getAttribute("href");
  assert.equal(await href(t.card.call), "tel:+525512345678");
  assert.equal(await href(t.card.whatsapp), "https://wa.me/525512345678");
  assert.equal(decodeURIComponent(await href(t.card.write)), `mailto:${change.email}`);
  assert.match(await page.locator(".facts").textContent(), language === "es" ? /36 años/ : /36 years/);
  await page.getByText(t.card.birthday_today).waitFor();
  assert.equal(await page.locator("h1").textContent(), nameOf(client));
  const tabs = (await texts(page.locator(".tabs a"))).map((text) => text.replace(/\s*\(\d+\)/, ""));
  assert.deepEqual(tabs, [t.card.summary, t.card.history, t.card.notes, t.card.preferences, t.card.photo]);
  for (const tab of tabs) {
    await page.locator(".tabs").getByRole("link", { name: tab }).click();
    await page.locator(".tabs [aria-current]", { hasText: tab }).waitFor();
  }
});
