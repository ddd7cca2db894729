// Browser windows that notice whatever goes wrong in them.

import assert from "node:assert/strict";
import { TENANTS } from "./names.js";
import { browser } from "./world.js";

const TAG = { es: "es-MX", en: "en-US" };
const watches = new WeakMap();
/** Windows to be used again, by language and script: a new one costs more than most tests. */
const idle = new Map();

/** Says that this page will show an error status, which the browser then mentions in its console. */
export function expectStatus(page, ...statuses) {
  watches.get(page.context()).expected.push(...statuses);
}

async function newWindow(language, script, options) {
  const context = await (await browser()).newContext({
    locale: TAG[language],
    javaScriptEnabled: script,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(10_000);
  const watch = { wrong: [], expected: [] };
  watches.set(context, watch);
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1];
    if (!watch.expected.includes(Number(status))) watch.wrong.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => watch.wrong.push(String(error.error())));
  return context.newPage();
}

/**
 * Opens a window.
 *
 * @param {object} server Where its addresses begin.
 * @param {object} options
 * @param {string} [options.role] Who is signed in; nobody if left out.
 * @param {string} [options.tenant] Where.
 * @param {"es" | "en"} [options.language] What the browser asks for.
 * @param {boolean} [options.script] Whether scripts run.
 * @param {object} [options.special] What else Playwright knows of a context. Such a window is not used again.
 */
export async function openWindow(server, { role, tenant = TENANTS.busy, language = "es", script = true, special } = {}) {
  const kind = `${server.url} ${language} ${script}`;
  const page = (!special && idle.get(kind)?.pop()) || (await newWindow(language, script, { baseURL: server.url, ...special }));
  if (role) await page.context().addCookies(server.sessions[tenant][role].cookies);
  return { page, kind: special ? undefined : kind };
}

/** Closes a window, or keeps it for the next test, and tells what went wrong in it. */
export async function closeWindow({ page, kind }, failed = false) {
  const context = page.context();
  const watch = watches.get(context);
  if (failed || !kind || page.isClosed()) {
    await context.close();
  } else {
    for (const other of context.pages().filter((one) => one !== page)) await other.close();
    await page.goto("about:blank");
    page.removeAllListeners("dialog");
    await page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null, forcedColors: null });
    await page.setViewportSize({ width: 1280, height: 800 });
    await context.clearCookies();
  }
  if (failed) return;
  assert.deepEqual(watch.wrong, [], "errors in the browser's console, or reports against its security policy");
  watch.expected.length = 0;
  if (kind) idle.set(kind, [...(idle.get(kind) ?? []), page]);
}
