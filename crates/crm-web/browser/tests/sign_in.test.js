import assert from "node:assert/strict";
import { ROLES, emailOf } from "../lib/names.js";
import { test } from "../lib/registry.js";
import { ENGINES, PASSWORD, startServer } from "../lib/server.js";
import { answerTo, mistakes, noticed, press, visit } from "../lib/forms.js";
import { attempt, expectStatus, task } from "../lib/task.js";
import { quietClients } from "../lib/world.js";

const SESSION = "next-auth.session-token";

async function signIn(page, t, email, password) {
  await page.getByLabel(t.shell.email).fill(email);
  await page.getByLabel(t.shell.password).fill(password);
  return answerTo(page, () => press(page, t.shell.sign_in));
}

task("signs in, after a wrong password, and out", { roles: Object.keys(ROLES) }, async ({ role, open, t, language }) => {
  const page = await open({ role: undefined });
  await visit(page, "/ui");
  assert.equal(new URL(page.url()).pathname, "/ui/entrar");
  assert.equal(await page.locator("html").getAttribute("lang"), language === "es" ? "es-MX" : "en");

  expectStatus(page, 401);
  const refused = await signIn(page, t, emailOf(role), "no es esta");
  assert.equal(refused.status(), 401);
  assert.equal((await mistakes(page))[0], t.shell.wrong_credentials);
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.getByLabel(t.shell.email).inputValue(), emailOf(role));
  assert.equal(await page.getByLabel(t.shell.password).inputValue(), "");

  assert.equal((await signIn(page, t, emailOf(role), PASSWORD)).status(), 200);
  const place = new URL(page.url()).pathname;
  assert.match(place, role === "CLIENT" ? /^\/ui\/clientes\/\w+$/ : /^\/ui\/clientes$/);
  const cookie = (await page.context().cookies()).find(({ name }) => name.endsWith(SESSION));
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Lax"]);

  await page.getByRole("button", { name: t.shell.sign_out }).click();
  await page.waitForURL(/\/ui\/entrar/);
  assert.equal((await page.context().cookies()).filter(({ name }) => name.includes(SESSION)).length, 0);
  // What was on the screen is not there for the next person.
  await page.goBack();
  await page.waitForURL(/\/ui\/entrar/);
});

task("comes back to the page that asked for a session", {}, async ({ server, role, open, t }) => {
  const [client] = quietClients(server);
  const page = await open({ role: undefined });
  const place = `/ui/clientes/${client.id}/historial?desde=2026-01-01`;
  await visit(page, place);
  assert.equal(new URL(page.url()).pathname, "/ui/entrar");
  await signIn(page, t, emailOf(role, "santalucia"), PASSWORD);
  assert.equal(page.url(), server.url + place);
});

task("is never led elsewhere after signing in", {}, async ({ server, role, open, t }) => {
  const page = await open({ role: undefined });
  await visit(page, "/ui/entrar?ir=https%3A%2F%2Fmalo.example%2Fui");
  await signIn(page, t, emailOf(role), PASSWORD);
  assert.equal(page.url(), `${server.url}/ui/clientes`);
});

task("chooses language and theme", { roles: ["ADMIN", "CLIENT"] }, async ({ role, open, t, language }) => {
  const page = await open({ role: undefined });
  await visit(page, "/ui/entrar");
  const other = language === "es" ? "en" : "es";
  await page.locator("#idioma").selectOption(other);
  await page.locator("#tema").selectOption("dark");
  await page.locator(".foot").getByRole("button", { name: t.shell.save }).click();
  await page.locator(`html[lang^="${other}"][data-theme="dark"]`).waitFor();
  assert.equal(new URL(page.url()).pathname, "/ui/entrar");
  const bright = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(bright, "rgb(16, 21, 27)");

  const signedIn = await open({ role });
  await visit(signedIn, "/ui");
  const here = signedIn.url();
  await signedIn.locator("#tema").selectOption("light");
  await signedIn.locator(".foot").getByRole("button", { name: t.shell.save }).click();
  await noticed(signedIn, t.shell.settings_saved);
  assert.equal(signedIn.url(), here);
  await signedIn.reload();
  assert.equal(await signedIn.locator("html").getAttribute("data-theme"), "light");
});

for (const engine of ENGINES) {
  test(`is told to wait after too many attempts (${engine})`, async () => {
    const server = await startServer({ engine, profiles: 2, settings: { CRM_SIGN_IN_PER_MINUTE: "2" } });
    try {
      for (const [number, language] of ["es", "en"].entries()) {
        await attempt(server, { language, script: number === 0 }, async ({ open, t }) => {
          const page = await open();
          expectStatus(page, 401, 429);
          await visit(page, "/ui/entrar");
          let answer;
          // An account each: the attempts of one are not counted for the other.
          for (let time = 0; time < 3; time += 1) answer = await signIn(page, t, `${language}@example.mx`, "nada");
          assert.equal(answer.status(), 429);
          assert.ok(Number(answer.headers()["retry-after"]) > 0);
          assert.match((await mistakes(page))[0], language === "es" ? /Espera \d+ segundos/ : /Wait \d+ seconds/);
          assert.equal(await page.getByLabel(t.shell.email).inputValue(), `${language}@example.mx`);
        });
      }
    } finally {
      await server.remove();
    }
  });
}
