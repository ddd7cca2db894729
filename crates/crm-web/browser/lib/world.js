// What all tests share: a server on each engine, a browser, sessions of every role, and clients to work on.

import { chromium } from "playwright-core";
import { CHROMIUM, gather } from "./gather.js";
import { ENGINES, startServer } from "./server.js";

/** Enough clients for every test to have its own. */
const PROFILES = 1200;

const servers = new Map();
const claimed = new Set();
let shared;

/** The browser. */
export async function browser() {
  shared ??= chromium.launch(CHROMIUM);
  return shared;
}

export async function closeBrowser() {
  await (await shared)?.close();
  shared = undefined;
}

/** Starts the servers that the tests share. */
export async function startWorld() {
  await Promise.all(ENGINES.map(async (engine) => {
    const server = await startServer({ engine, profiles: PROFILES });
    servers.set(engine, server);
    Object.assign(server, await gather(server));
  }));
}

export async function endWorld() {
  await closeBrowser();
  for (const { engine, log } of servers.values()) {
    if (log) console.error(`The server on ${engine} wrote to its log:\n${log}`);
  }
  await Promise.all([...servers.values()].map((server) => server.remove()));
  servers.clear();
}

/** The server that the tests share on an engine. */
export function serverOn(engine) {
  return servers.get(engine);
}

function claim(kind, from) {
  const one = from.find((each) => !claimed.has(each));
  if (!one) throw new Error(`every ${kind} is taken: lib/world.js must seed more`);
  claimed.add(one);
  return one;
}

/** A client that no other test touches, as the API tells of it. */
export function claimClient(server, suits = () => true) {
  return claim("client", server.clients.filter(suits));
}

/** For a claim: a client without notes. */
export const hasNoNotes = (client) => !client.hasNotes;

/** For a claim: a client without preferences. */
export const hasNoPreferences = (client) => !client.hasPreferences;

/** For a claim: a client whom an e-mail address of its own finds alone. */
export const hasEmail = (client) => Boolean(client.email);

/** What somebody is called: by the profile, or by the account if that says nothing. */
export function nameOf({ firstName, lastName, user }) {
  const [first, last] = firstName || lastName ? [firstName, lastName] : [user.firstName, user.lastName];
  return [first, last].filter(Boolean).join(" ");
}

/** A user without a profile that no other test touches: its id and name. */
export function claimUser(server) {
  return claim("user", server.users);
}

/** The clients of the tenant that nobody changes. */
export function quietClients(server) {
  return server.quiet;
}
