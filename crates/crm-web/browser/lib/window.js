// Browser windows that notice whatever goes wrong in them.

import assert from "node:assert/strict";
import { TENANTS } from "./names.js";
import { browser } from "./world.js";

const TAG = { es: "es-MX", en: "en-US" };
const SIZE = { width: 1280, height: 800 };
/** Motion is unwanted unless a test wants it: painting it costs more than what most tests do. */
const MEDIA = { media: null, colorScheme: null, reducedMotion: "reduce", forcedColors: null };
const watches = new WeakMap();
/** Windows to be used again, by language and script: a new one costs more than most tests. */
const idle = new Map();

/** Says that this page will show an error status, which the browser then mentions in its console. */
export function expectStatus(page, ...statuses) {
  watches.get(page.context()).expected.push(...statuses);
}

async function newWindow(language, script, special) {
  const context = await (await browser()).newContext({
    locale: TAG[language],
    javaScriptEnabled: script,
    viewport: SIZE,
    reducedMotion: MEDIA.reducedMotion,
    ...special,
  });
  context.setDefaultTimeout(20_000);
  const watch = { wrong: [], expected: [], begin: undefined };
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
  const page = await context.newPage();
  // A window is used for one server after the other: addresses begin at the one it was last opened for.
  const go = page.goto.bind(page);
  page.goto = (address, options) => go(new URL(address, watch.begin).href, options);
  return page;
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
  const kind = `${language} ${script}`;
  const page = (!special && idle.get(kind)?.pop()) || (await newWindow(language, script, special));
  watches.get(page.context()).begin = server.url;
  if (role) await page.context().addCookies(server.sessions[tenant][role].cookies);
  return { page, kind: special ? undefined : kind };
}

/** Closes a window, or keeps it for the next test, and tells what went wrong in it. */
export async function closeWindow({ page, kind }, failed = false) {
  const context = page.context();
  const watch = watches.get(context);
  if (failed) return context.close();
  // What the page still loads may go wrong too.
  await page.waitForLoadState("load");
  if (kind) {
    for (const other of context.pages().filter((one) => one !== page)) await other.close();
    page.removeAllListeners("dialog");
    await page.emulateMedia(MEDIA);
    await page.setViewportSize(SIZE);
    await context.clearCookies();
  } else {
    await context.close();
  }
  const { wrong } = watch;
  Object.assign(watch, { wrong: [], expected: [] });
  assert.deepEqual(wrong, [], "errors in the browser's console, or reports against its security policy");
  if (kind) idle.set(kind, [...(idle.get(kind) ?? []), page]);
}
