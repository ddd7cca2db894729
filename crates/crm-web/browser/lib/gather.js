// Finds out what the tests need to know of a server: sessions of every role, its clients, its users without a profile.

import { ROLES, TENANTS } from "./names.js";
import { signIn } from "./sign_in.js";

/** How the browser is started. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

async function read(url, session, path) {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${session.token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function clientsOf(url, session) {
  const clients = [];
  for (let more = true; more; ) {
    const { data, pagination } = await read(url, session, `/api/clients/profiles?take=200&skip=${clients.length}`);
    clients.push(...data);
    more = pagination.hasMore;
  }
  return clients;
}

async function usersWithoutProfile(url, session) {
  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const users = [];
  for (let page = 1; ; page += 1) {
    const answer = await fetch(`${url}/ui/clientes/nuevo?pagina=${page}`, { headers: { cookie } });
    const text = await answer.text();
    const found = [...text.matchAll(/<strong class="text">([^<]*)<[\s\S]*?href="\/ui\/clientes\/nuevo\/(\w+)"/g)];
    users.push(...found.map(([, name, id]) => ({ id, name })));
    if (!found.length || !text.includes('rel="next"')) return users;
  }
}

/** What the tests need to know of a server. */
export async function gather(server) {
  const { engine, url } = server;
  const sessions = {};
  for (const tenant of Object.values(TENANTS)) {
    sessions[tenant] = {};
    for (const role of Object.keys(ROLES)) sessions[tenant][role] = await signIn(url, role, tenant);
  }
  const admin = (tenant) => sessions[tenant].ADMIN;
  const own = sessions[TENANTS.busy].CLIENT;
  const me = (await read(url, own, "/api/clients/profiles/me")).data;
  const [hasNotes, hasPreferences] = await Promise.all(["client_notes", "client_preferences"].map(async (table) => {
    const ids = await server.database.sql(`SELECT DISTINCT "clientProfileId" FROM ${table}`);
    return new Set(ids.split("\n"));
  }));
  const all = await clientsOf(url, admin(TENANTS.busy));
  // The demo client has an account of its own, which tests of that role use.
  const clients = all.filter(({ id }) => id !== me.id).map((client) => ({
    ...client,
    hasNotes: hasNotes.has(client.id),
    hasPreferences: hasPreferences.has(client.id),
  }));
  const quiet = await clientsOf(url, admin(TENANTS.quiet));
  const users = await usersWithoutProfile(url, admin(TENANTS.busy));
  return { engine, url, sessions, clients, quiet, users, me };
}
