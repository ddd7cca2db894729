// What all tests share: a server on each engine, a browser, sessions of every role, and clients to work on.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM } from "./gather.js";

const world = process.env.CRM_WORLD && JSON.parse(await readFile(process.env.CRM_WORLD, "utf8"));
let shared;

/** The browser: that of all tests, or one of its own where no tests are run. */
export async function browser() {
  shared ??= world ? chromium.connect(world.browser) : chromium.launch(CHROMIUM);
  return shared;
}

/** Leaves the browser to the others. */
export async function leaveBrowser() {
  await (await shared)?.close();
  shared = undefined;
}

/** The server that the tests share on an engine. */
export function serverOn(engine) {
  if (!world) throw new Error("start the tests with `npm test`, which starts the servers they share");
  return world.servers[engine];
}

async function claim(server, kind, from) {
  for (const one of from) {
    try {
      // Making a folder succeeds once, whichever process tries.
      await mkdir(join(world.claims, `${server.engine}-${kind}-${one.id}`));
      return one;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
  throw new Error(`every ${kind} is taken: run.js must seed more`);
}

/** A client that no other test touches, as the API tells of it. */
export function claimClient(server, suits = () => true) {
  return claim(server, "client", server.clients.filter(suits));
}

/** For a claim: a client without notes. */
export const hasNoNotes = (client) => !client.hasNotes;

/** For a claim: a client without preferences. */
export const hasNoPreferences = (client) => !client.hasPreferences;

/** What somebody is called: by the profile, or by the account if that says nothing. */
export function nameOf({ firstName, lastName, user }) {
  const [first, last] = firstName || lastName ? [firstName, lastName] : [user.firstName, user.lastName];
  return [first, last].filter(Boolean).join(" ");
}

/** A user without a profile that no other test touches: its id and name. */
export function claimUser(server) {
  return claim(server, "user", server.users);
}

/** The clients of the tenant that nobody changes. */
export function quietClients(server) {
  return server.quiet;
}
