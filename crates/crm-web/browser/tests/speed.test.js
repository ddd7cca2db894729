// What makes pages fast and does not depend on the machine: bytes, requests, elements, and that nothing moves while loading.
// `npm run speed` measures the time.

import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { loadOnPhone, pagesOf, visitor } from "../lib/load.js";
import { test } from "../lib/registry.js";
import { closeWindow, openWindow } from "../lib/window.js";
import { quietClients, serverOn } from "../lib/world.js";

const KILOBYTE = 1024;
const MOST = { assets: 50 * KILOBYTE, firstLoad: 40 * KILOBYTE, requests: 5, nodes: 1_200, shift: 0.02 };

const assets = new URL("../../assets/", import.meta.url);
const server = serverOn("sqlite");

test("style and script are small", async (t) => {
  const sizes = await Promise.all(["app.css", "app.js"].map(async (name) => (await stat(new URL(name, assets))).size));
  const sum = sizes[0] + sizes[1];
  t.diagnostic(`style ${sizes[0]} and script ${sizes[1]} bytes, together ${sum}`);
  assert.ok(sum <= MOST.assets);
});

/** Opens a page for the first time and counts what comes over the wire. */
async function load(page, path) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  let [bytes, requests] = [0, 0];
  devtools.on("Network.requestWillBeSent", () => { requests += 1; });
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(path, { waitUntil: "networkidle" });
  return { bytes, requests };
}

test("the first load of the list takes few bytes", async (t) => {
  const window = await openWindow(server, visitor);
  const { bytes, requests } = await load(window.page, "/ui/clientes");
  const nodes = await window.page.locator("*").count();
  assert.equal(await window.page.locator(".list tbody tr").count(), 50);
  await closeWindow(window);
  t.diagnostic(`the list of 50: ${bytes} bytes in ${requests} requests, ${nodes} elements`);
  assert.ok(bytes <= MOST.firstLoad, `${bytes} bytes`);
  assert.ok(requests <= MOST.requests, `${requests} requests`);
  assert.ok(nodes <= MOST.nodes, `${nodes} elements`);
});

const [client] = quietClients(server);
for (const path of pagesOf(client)) {
  test(`nothing moves while a slow network brings ${path.replace(client.id, "{id}")}`, async (t) => {
    const { shift } = await loadOnPhone(server, path);
    t.diagnostic(`CLS ${shift.toFixed(4)}`);
    assert.ok(shift <= MOST.shift, `CLS ${shift}`);
  });
}
