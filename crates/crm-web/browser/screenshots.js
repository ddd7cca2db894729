// Takes the pictures of the documentation: `OUT=folder npm run screenshots`.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { api } from "./lib/api.js";
import { field, press } from "./lib/forms.js";
import { gather } from "./lib/gather.js";
import { photo } from "./lib/picture.js";
import { startServer } from "./lib/server.js";
import { withPalette } from "./lib/small_png.js";
import { closeWindow, expectStatus, openWindow } from "./lib/window.js";
import { words } from "./lib/words.js";
import { closeBrowser } from "./lib/world.js";

const SIZES = [{ width: 1280, height: 900 }, { width: 320, height: 720 }];
const NOTES = [
  ["GENERAL", "Prefiere citas por la mañana; llega con su hija."],
  ["PREFERENCE", "Café americano sin azúcar y silla junto a la ventana."],
  ["COMPLAINT", "La última vez esperó 25 minutos. Se le ofreció un tratamiento de cortesía."],
  ["MEDICAL", "Alérgica al amoniaco: usar tinte sin amoniaco y hacer prueba de parche."],
];
const LIFE = { firstName: "María Fernanda", lastName: "López Núñez", gender: "FEMALE", dateOfBirth: "1990-03-27" };
const t = words("es");

const open = (path) => (page, server) => page.goto(`/ui/clientes/${server.me.id}${path}`);

/** The pictures: who sees what. They are about the client that the demo accounts have. */
const SCENES = {
  "sign-in": { role: null, go: (page) => page.goto("/ui/entrar") },
  list: { go: (page) => page.goto("/ui/clientes") },
  card: { go: open("") },
  notes: { go: open("/notas") },
  history: { go: open("/historial") },
  preferences: { go: open("/preferencias") },
  photo: { go: open("/foto") },
  edit: { go: open("/editar") },
  conflict: {
    status: 412,
    async go(page, server) {
      await open("/editar")(page, server);
      await api(server, "PUT", `/profiles/${server.me.id}`, { occupation: "Arquitecta", company: "Estudio Norte" }, "MANAGER");
      await field(page, "occupation").fill("Diseñadora");
      await field(page, "company").fill("Taller Sur");
      await field(page, "city").fill("Mérida");
      await press(page, t.shell.save_changes);
      await page.getByRole("heading", { name: t.problems.choose_title }).waitFor();
    },
  },
  "own-card": { role: "CLIENT", go: (page) => page.goto("/ui/yo") },
  print: { media: "print", go: open("/imprimir") },
};

async function prepare() {
  const server = await startServer({ engine: "sqlite", profiles: 240 });
  const world = { ...server, ...(await gather(server)) };
  const { me } = world;
  await api(world, "PUT", `/profiles/${me.id}`, LIFE);
  for (const [noteType, content] of NOTES) await api(world, "POST", "/notes", { clientProfileId: me.id, noteType, content }, "MANAGER");
  const window = await openWindow(world, { role: "ADMIN" });
  await open("/foto")(window.page, world);
  await field(window.page, "file").setInputFiles(await photo(480, 480));
  await window.page.locator(".photo-form button.primary").click();
  await window.page.locator(".head img.avatar").waitFor();
  await closeWindow(window);
  return world;
}

async function take(page, name, media) {
  const files = [];
  for (const colorScheme of ["light", "dark"]) {
    // Paper is white.
    if (media === "print" && colorScheme === "dark") continue;
    await page.emulateMedia({ colorScheme, media: media ?? null });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.evaluate(() => scrollTo(0, 0));
      const picture = withPalette(await page.screenshot({ caret: "hide", animations: "disabled" }));
      files.push([`${name}-${colorScheme}-${size.width}.png`, picture]);
    }
  }
  return files;
}

const out = process.env.OUT ?? fileURLToPath(new URL("../../../docs/screenshots", import.meta.url));
await mkdir(out, { recursive: true });
const server = await prepare();
let bytes = 0;
try {
  for (const [name, { role = "ADMIN", status, media, go }] of Object.entries(SCENES)) {
    const window = await openWindow(server, { role });
    if (status) expectStatus(window.page, status);
    await go(window.page, server);
    for (const [file, picture] of await take(window.page, name, media)) {
      bytes += picture.length;
      await writeFile(join(out, file), picture);
    }
    await closeWindow(window);
  }
} finally {
  await closeBrowser();
  await server.remove();
}
console.log(`${out}: ${Math.round(bytes / 1024)} KB`);
