import assert from "node:assert/strict";
import { STAFF } from "../lib/names.js";
import { answerTo, field, noticed, press, visit } from "../lib/forms.js";
import { NO_PHOTO, heavyPhoto, photo } from "../lib/picture.js";
import { expectStatus, task } from "../lib/task.js";
import { claimClient } from "../lib/world.js";

const pageOf = (client) => `/ui/clientes/${client.id}/foto`;
const avatar = (page) => page.locator(".head img.avatar");
/** Whether the browser could show it. */
const isShown = (page) => avatar(page).evaluate((one) => one.decode().then(() => one.naturalWidth > 0));
const MEGABYTE = 1024 * 1024;

task("uploads a photo, replaces it, removes it and undoes that", { roles: STAFF }, async ({ server, open, t, script }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, `/ui/clientes/${client.id}`);
  await page.locator(".tabs").getByRole("link", { name: t.card.photo }).click();
  await page.getByText(t.photo.none).waitFor();
  await field(page, "file").setInputFiles(await photo());
  if (script) assert.ok(await page.locator(".preview img").isVisible(), "a preview");
  await press(page, t.photo.upload);
  await noticed(page, t.shell.photo_saved);
  const first = await avatar(page).getAttribute("src");
  if (script) assert.ok(await isShown(page));

  await field(page, "file").setInputFiles(await photo(300, 500));
  await press(page, t.photo.replace);
  await page.locator(`.head img.avatar:not([src="${first}"])`).waitFor();
  await noticed(page, t.shell.photo_saved);

  await press(page, t.photo.remove);
  await noticed(page, t.shell.photo_removed);
  assert.equal(await avatar(page).count(), 0);
  await press(page, t.shell.undo);
  await noticed(page, t.shell.restored);
  assert.equal(await avatar(page).count(), 1);
});

task("is told why a file is no photo", { roles: ["ADMIN", "RECEPTIONIST"] }, async ({ server, open, t, script }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, pageOf(client));
  // Some of it the script says before anything is sent.
  const said = (sentence) => page.locator(".mistakes, .mistake:visible", { hasText: sentence }).first().waitFor();
  for (const [file, status, sentence] of [
    [NO_PHOTO, 415, t.photo.wrong_type],
    [await heavyPhoto(5 * MEGABYTE + 1), 413, t.photo.too_large],
    [await photo(6_000, 5_000), 400, t.photo.too_many_pixels],
  ]) {
    expectStatus(page, status);
    await field(page, "file").setInputFiles(file);
    if (script) await press(page, t.photo.upload);
    else assert.equal((await answerTo(page, () => press(page, t.photo.upload))).status(), status);
    await said(sentence);
  }
  await field(page, "file").setInputFiles([]);
  expectStatus(page, 400);
  await press(page, t.photo.upload);
  await said(t.photo.required);
  await field(page, "file").setInputFiles(await heavyPhoto(4 * MEGABYTE));
  await press(page, t.photo.upload);
  await noticed(page, t.shell.photo_saved);
});

task("sees how far an upload is and cancels it", { script: true, roles: ["MANAGER"] }, async ({ server, open, t }) => {
  const client = claimClient(server);
  const page = await open();
  await visit(page, pageOf(client));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  // Slow enough to be caught on the way.
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
  await devtools.send("Network.emulateNetworkConditions", slow);
  await field(page, "file").setInputFiles(await heavyPhoto(3 * MEGABYTE));
  await press(page, t.photo.upload);
  await page.locator(".progress [role=status]", { hasText: /[1-9]0 %/ }).waitFor();
  assert.ok(Number(await page.locator("progress").getAttribute("value")) >= 0);
  await page.locator("[data-cancel]").click();
  await page.locator(".progress").waitFor({ state: "hidden" });
  await devtools.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  await devtools.detach();
  await page.reload();
  await page.getByText(t.photo.none).waitFor();
  await field(page, "file").setInputFiles(await photo());
  await press(page, t.photo.upload);
  await noticed(page, t.shell.photo_saved);
});
