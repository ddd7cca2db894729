// Every page in every state it can be in, made on a server of its own. What looks at pages goes through this list.

import { api } from "./api.js";
import { choose, field, press } from "./forms.js";
import { gather } from "./gather.js";
import { TENANTS } from "./names.js";
import { NO_PHOTO, photo } from "./picture.js";
import { startServer } from "./server.js";

/** Longer than a line at 320 pixels, without a place to break it. */
export const LONG_NAME = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen";
/** What would run, or break the page, if it were not shown as text. */
export const HOSTILE = `<script>document.title="malo"</script><img src=x onerror="document.title='malo'"> "'\`& שלום مرحبا 👩🏽‍🎤`;
const LONG_NOTE = Array.from({ length: 30 }, (_, line) => `Renglón ${line + 1}: ${"muy largo ".repeat(8)}`).join("\n");

async function gathered(profiles) {
  const server = await startServer({ engine: "sqlite", profiles });
  return { ...server, ...(await gather(server)) };
}

/** A server with a client for every state, and one with next to nothing. */
export async function prepareStates() {
  const [world, bare] = await Promise.all([gathered(60), gathered(2)]);
  const blank = world.clients.filter(({ hasNotes, hasPreferences }) => !hasNotes && !hasPreferences);
  const [hostile, full, empty, contested, pictured, doomed] = blank;
  const note = (client, noteType, content, role, more) =>
    api(world, "POST", "/notes", { clientProfileId: client.id, noteType, content, ...more }, role);

  const hostileData = { firstName: HOSTILE.slice(0, 100), lastName: LONG_NAME, city: LONG_NAME, company: LONG_NAME };
  await api(world, "PUT", `/profiles/${hostile.id}`, hostileData);
  await note(hostile, "GENERAL", HOSTILE);
  await note(hostile, "MEDICAL", LONG_NAME.repeat(3));
  for (const type of ["GENERAL", "PREFERENCE", "COMPLAINT", "MEDICAL"]) await note(full, type, `Nota ${type}`);
  await note(full, "GENERAL", LONG_NOTE);
  await note(full, "GENERAL", "Solo mía", "ADMIN", { isPrivate: true });
  await api(world, "POST", "/preferences", { clientProfileId: full.id, communicationPreference: "WHATSAPP", specialRequests: HOSTILE });
  await api(world, "DELETE", `/profiles/${doomed.id}`);
  // The only client of its tenant.
  await api(bare, "DELETE", `/profiles/${bare.me.id}`);
  Object.assign(world, { hostile, full, empty, contested, pictured });
  return { world, bare, remove: () => Promise.all([world.remove(), bare.remove()]) };
}

const card = (which, path = "") => (world) => `/ui/clientes/${world[which].id}${path}`;

/** Opens a page and leaves it as it is. */
const at = (path) => async (page, world) => {
  await page.goto(typeof path === "function" ? path(world) : path);
};

async function sendWrong(page, path, fill, button) {
  await page.goto(path);
  await fill();
  await press(page, button);
  await page.locator("#problemas").waitFor();
}

/**
 * The states: who sees it, and how it comes about. `status` is what the browser complains about, `isBare` says that it
 * needs the server with next to nothing.
 */
export const STATES = {
  "sign-in": { role: null, go: at("/ui/entrar") },
  "sign-in-wrong": {
    role: null,
    status: 401,
    async go(page, world, t) {
      await page.goto("/ui/entrar");
      await page.locator("#email").fill("nadie@example.mx");
      await page.locator("#password").fill("nada");
      await press(page, t.shell.sign_in);
      await page.locator("#problemas").waitFor();
    },
  },
  list: { go: at("/ui/clientes") },
  "list-filtered": { go: at("/ui/clientes?ciudad=M%C3%A9xico&orden=recientes") },
  "list-empty": { isBare: true, go: at("/ui/clientes") },
  "list-none": { go: at(`/ui/clientes?q=${LONG_NAME}`) },
  search: { go: at("/ui/buscar") },
  "search-found": { go: at("/ui/buscar?q=a") },
  "search-none": { go: at(`/ui/buscar?q=${LONG_NAME}`) },
  palette: {
    async go(page) {
      await page.goto("/ui/clientes");
      await page.keyboard.press("Control+k");
      await page.locator("#paleta-q").pressSequentially("an");
      await page.locator("#paleta li").first().waitFor();
    },
  },
  people: { go: at("/ui/clientes/nuevo") },
  "people-agenda": { go: at("/ui/clientes/nuevo?de=agenda") },
  "people-none": { go: at(`/ui/clientes/nuevo?q=${LONG_NAME}`) },
  "client-new": { go: (page, world) => page.goto(`/ui/clientes/nuevo/${world.users[0].id}`) },
  "client-new-wrong": {
    status: 400,
    go: (page, world, t) =>
      sendWrong(
        page,
        `/ui/clientes/nuevo/${world.users[0].id}`,
        async () => {
          const wrong = { email: "no", phone: "x", firstName: LONG_NAME.repeat(2), dateOfBirth: "ayer" };
          for (const [name, value] of Object.entries(wrong)) await field(page, name).fill(value);
        },
        t.profile.create,
      ),
  },
  "client-new-duplicates": {
    status: 409,
    async go(page, world, t) {
      await page.goto(`/ui/clientes/nuevo/${world.users[0].id}`);
      const like = world.clients.find(({ phone }) => phone);
      await field(page, "phone").fill(like.phone);
      await field(page, "firstName").fill(world.hostile.firstName ?? "Ana");
      await press(page, t.profile.create);
      await page.getByText(t.profile.same_person, { exact: true }).waitFor();
    },
  },
  card: { go: at(card("full")) },
  "card-hostile": { go: at(card("hostile")) },
  "card-empty": { go: at(card("empty")) },
  edit: { go: at(card("full", "/editar")) },
  "edit-wrong": {
    status: 400,
    go: (page, world, t) => sendWrong(page, card("full", "/editar")(world), () => field(page, "email").fill("no"), t.shell.save_changes),
  },
  conflict: {
    status: 412,
    async go(page, world, t) {
      await page.goto(card("contested", "/editar")(world));
      await api(world, "PUT", `/profiles/${world.contested.id}`, { city: LONG_NAME, company: `Otra ${Math.random()}` });
      await field(page, "city").fill("Mía");
      await field(page, "company").fill("Mía");
      await press(page, t.shell.save_changes);
      await page.getByRole("heading", { name: t.problems.choose_title }).waitFor();
    },
  },
  notes: { go: at(card("full", "/notas")) },
  "notes-hostile": { go: at(card("hostile", "/notas")) },
  "notes-empty": { go: at(card("empty", "/notas")) },
  "notes-of-a-type": { go: at(card("full", "/notas?tipo=MEDICAL")) },
  "notes-wrong": {
    status: 400,
    go: (page, world, t) => sendWrong(page, card("full", "/notas")(world), () => field(page, "content").fill("  "), t.notes.add),
  },
  "note-deleted": {
    async go(page, world, t) {
      await api(world, "POST", "/notes", { clientProfileId: world.empty.id, noteType: "GENERAL", content: "Se va" });
      await page.goto(card("empty", "/notas")(world));
      await page.locator(".note").getByRole("button", { name: t.shell.delete }).click();
      await page.locator(".flash").waitFor();
    },
  },
  "note-edit": {
    async go(page, world, t) {
      await page.goto(card("full", "/notas")(world));
      await page.locator(".note").first().getByRole("link", { name: t.shell.edit }).click();
      await page.locator('main [name="content"]').waitFor();
    },
  },
  preferences: { go: at(card("full", "/preferencias")) },
  "preferences-empty": { go: at(card("empty", "/preferencias")) },
  history: { go: at((world) => `/ui/clientes/${world.me.id}/historial`) },
  "history-numbers": {
    async go(page, world) {
      await page.goto(`/ui/clientes/${world.me.id}/historial`);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    },
  },
  "history-wrong": { status: 400, go: at((world) => `/ui/clientes/${world.me.id}/historial?desde=2026-12-01&hasta=2026-01-01`) },
  "history-none": { go: at((world) => `/ui/clientes/${world.me.id}/historial?desde=1999-12-01&hasta=1999-12-02`) },
  "photo-none": { go: at(card("empty", "/foto")) },
  "photo-wrong": {
    status: 415,
    async go(page, world, t) {
      await page.goto(card("empty", "/foto")(world));
      await field(page, "file").setInputFiles(NO_PHOTO);
      await press(page, t.photo.upload);
      await page.locator("[data-mistake]:visible, #problemas").first().waitFor();
    },
  },
  photo: {
    async go(page, world) {
      await page.goto(card("pictured", "/foto")(world));
      await field(page, "file").setInputFiles(await photo());
      await page.locator(".photo-form button.primary").click();
      await page.locator(".head img.avatar").waitFor();
    },
  },
  print: { go: at(card("full", "/imprimir?seccion=datos&seccion=preferencias&seccion=notas&seccion=medicas&seccion=historial")) },
  activity: {
    async go(page, world) {
      await page.goto(card("full", "/actividad")(world));
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    },
  },
  trash: { go: at("/ui/papelera") },
  "trash-empty": { isBare: true, tenant: TENANTS.quiet, go: at("/ui/papelera") },
  "no-card": { isBare: true, role: "CLIENT", go: at("/ui/yo") },
  "own-card": { role: "CLIENT", go: at("/ui/yo") },
  "own-edit": { role: "CLIENT", go: at((world) => `/ui/clientes/${world.me.id}/editar`) },
  "own-preferences": { role: "CLIENT", go: at((world) => `/ui/clientes/${world.me.id}/preferencias`) },
  "own-history": { role: "CLIENT", go: at((world) => `/ui/clientes/${world.me.id}/historial`) },
  forbidden: { role: "CLIENT", status: 403, go: at("/ui/clientes") },
  "not-found": { status: 404, go: at(`/ui/${LONG_NAME}`) },
  expired: {
    status: 401,
    async go(page, world, t) {
      await page.goto(card("full", "/notas")(world));
      await field(page, "content").fill(HOSTILE);
      await choose(page, "noteType", "MEDICAL");
      await page.context().clearCookies();
      await press(page, t.notes.add);
      await page.getByRole("heading", { name: t.problems.expired }).waitFor();
    },
  },
};


