import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { api } from "../lib/api.js";
import { addAxe, axeFindings } from "../lib/axe.js";
import { answerTo, choose, field, noticed, press, texts, visit } from "../lib/forms.js";
import { gather } from "../lib/gather.js";
import { STAFF, emailOf } from "../lib/names.js";
import { test } from "../lib/registry.js";
import { ENGINES, PASSWORD, startServer } from "../lib/server.js";
import { attempt, expectStatus, task } from "../lib/task.js";
import { claimClient, hasNoNotes, quietClients } from "../lib/world.js";

const TYPED = `Primera línea\nSegunda: <b>"ñ"</b> & 'más' 💅`;
const shown = (page) => texts(page.locator(".notes .note > .text"));

task("saves what was typed although the session had ended", { roles: STAFF }, async ({ server, role, open, t }) => {
  const client = claimClient(server, hasNoNotes);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/notas`);
  await field(page, "content").fill(TYPED);
  await choose(page, "noteType", "PREFERENCE");
  await page.context().clearCookies();
  expectStatus(page, 401);
  assert.equal((await answerTo(page, () => press(page, t.notes.add))).status(), 401);
  await page.getByRole("heading", { name: t.problems.expired }).waitFor();
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: t.problems.open_sign_in }).click(),
  ]);
  await tab.getByLabel(t.shell.email).fill(emailOf(role));
  await tab.getByLabel(t.shell.password).fill(PASSWORD);
  await answerTo(tab, () => press(tab, t.shell.sign_in));
  await tab.close();
  await press(page, t.problems.save_again);
  await noticed(page, t.shell.note_created);
  assert.deepEqual(await shown(page), [TYPED]);
  assert.equal(await page.locator(".note.preference").count(), 1);
});

task("is told that something does not exist", { roles: ["ADMIN", "PROFESSIONAL"] }, async ({ server, open, t }) => {
  const [elsewhere] = quietClients(server);
  const page = await open();
  expectStatus(page, 404);
  for (const path of ["/ui/nada", "/ui/clientes/x", `/ui/clientes/${elsewhere.id}`, `/ui/clientes/${elsewhere.id}/notas`]) {
    await visit(page, path, 404);
    await page.getByRole("heading", { name: t.problems.not_found }).waitFor();
  }
  await page.getByRole("link", { name: t.shell.back_home }).click();
  await page.getByRole("heading", { level: 1, name: t.list.title }).waitFor();
});

task("is told that a text is too large", { script: false }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}/notas`);
  await field(page, "content").fill("x".repeat(300 * 1024));
  expectStatus(page, 413);
  assert.equal((await answerTo(page, () => press(page, t.notes.add))).status(), 413);
  await page.getByRole("heading", { name: t.problems.too_large }).waitFor();
});

task("has each text once however often its form is sent", { roles: ["MANAGER"] }, async ({ server, open }) => {
  const client = claimClient(server, hasNoNotes);
  const path = `/ui/clientes/${client.id}/notas`;
  const page = await open();
  await visit(page, path);
  const once = await page.locator('main [name="una-vez"]').first().inputValue();
  const headers = { origin: server.url };
  for (const content of ["Una", "Una", "Otra", "Otra"]) {
    const form = { "una-vez": once, noteType: "GENERAL", content };
    const answer = await page.context().request.post(server.url + path, { form, headers, maxRedirects: 0 });
    assert.equal(answer.status(), 303);
  }
  await visit(page, path);
  assert.deepEqual(await shown(page), ["Otra", "Una"]);
});

task("is protected from forms of other sites", { roles: ["ADMIN"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const form = `<form method="post" action="${server.url}/ui/clientes/${client.id}/eliminar"><button>Gana un premio</button></form>`;
  const malicious = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(form));
  await new Promise((resolve) => malicious.listen(0, "127.0.0.1", resolve));
  const page = await open();
  expectStatus(page, 403, 404);
  await page.goto(`http://127.0.0.1:${malicious.address().port}/`);
  const answer = await answerTo(page, () => page.getByRole("button").click());
  assert.equal(answer.status(), 403);
  await page.getByRole("heading", { name: t.problems.cross_site }).waitFor();
  malicious.closeAllConnections();
  malicious.close();
  await visit(page, `/ui/clientes/${client.id}`);
});

/** What stands between the server and PostgreSQL, and can break. */
async function breakableWay(url) {
  const target = new URL(url);
  const place = { host: target.hostname, port: Number(target.port || 5432) };
  const sockets = new Set();
  let isBroken = false;
  const proxy = createTcpServer((from) => {
    if (isBroken) return from.destroy();
    const to = connect(place);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    from.pipe(to).pipe(from);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    port: proxy.address().port,
    repair: () => { isBroken = false; },
    destroy() {
      isBroken = true;
      for (const socket of sockets) socket.destroy();
    },
    close: () => proxy.close(),
  };
}

/** Runs in both languages and with and without script, on a server that may be broken. */
async function onBroken(server, act) {
  const world = { ...server, ...(await gather(server)) };
  for (const [language, script] of [["es", false], ["en", true]]) {
    await attempt(world, { role: "MANAGER", language, script }, async (visitor) => {
      const page = await visitor.open();
      await act({ ...visitor, page, client: world.clients[script ? 0 : 1] });
    });
  }
}

async function looksRight(page) {
  await addAxe(page);
  assert.deepEqual(await axeFindings(page), []);
}

test("can read on and save later while the database is away (postgres)", { skip: !ENGINES.includes("postgres") }, async () => {
  const way = await breakableWay(process.env.TEST_POSTGRES_URL);
  const through = (url) => Object.assign(new URL(url), { port: way.port }).href;
  let server;
  try {
    server = await startServer({ engine: "postgres", profiles: 20, through });
    await onBroken(server, async ({ page, client, t, script }) => {
      await visit(page, `/ui/clientes/${client.id}/notas`);
      await field(page, "content").fill(TYPED);
      way.destroy();
      expectStatus(page, 503);
      assert.equal((await answerTo(page, () => press(page, t.notes.add))).status(), 503);
      await page.getByRole("heading", { name: t.problems.unavailable }).waitFor();
      if (script) await looksRight(page);
      const other = await page.context().newPage();
      assert.equal((await other.goto(`${server.url}/ui/clientes`)).status(), 503);
      way.repair();
      await other.getByRole("link", { name: t.problems.retry }).click();
      await other.getByRole("heading", { level: 1, name: t.list.title }).waitFor();
      await other.close();
      await press(page, t.problems.save_again);
      await noticed(page, t.shell.note_created);
      assert.ok((await shown(page)).includes(TYPED));
    });
  } finally {
    await server?.remove();
    way.close();
  }
});

for (const engine of ENGINES) {
  test(`is given a code when something fails inside, and can save later (${engine})`, async () => {
    const server = await startServer({ engine, profiles: 20 });
    try {
      await onBroken(server, async ({ page, client, t, script }) => {
        await visit(page, `/ui/clientes/${client.id}/notas`);
        await field(page, "content").fill(TYPED);
        await server.database.sql("ALTER TABLE client_notes RENAME TO client_notes_away");
        expectStatus(page, 500);
        assert.equal((await answerTo(page, () => press(page, t.notes.add))).status(), 500);
        await page.getByRole("heading", { name: t.problems.internal }).waitFor();
        assert.match(await page.locator("main").innerText(), /[0-9a-f]{8}-[0-9a-f]{4}/);
        assert.doesNotMatch(await page.content(), /client_notes|SELECT|INSERT/);
        if (script) await looksRight(page);
        await server.database.sql("ALTER TABLE client_notes_away RENAME TO client_notes");
        await press(page, t.problems.save_again);
        await noticed(page, t.shell.note_created);
        assert.ok((await shown(page)).includes(TYPED));
      });
    } finally {
      await server.remove();
    }
  });
}
