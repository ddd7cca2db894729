// Starts the real binary on a database and a port of its own.

import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const BINARY = process.env.CRM_BINARY;
const POSTGRES = process.env.TEST_POSTGRES_URL;
const SECRET = "a-secret-of-thirty-two-characters";

// Who is told to stop takes its servers along.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** The password of every demo account. */
export const PASSWORD = "citaplanner-demo";

/** The engines to test on: SQLite, and PostgreSQL where there is one. */
export const ENGINES = POSTGRES ? ["sqlite", "postgres"] : ["sqlite"];

/** A port that was free a moment ago; only for what must be known before it listens. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function psql(url, sql) {
  const { stdout } = await run("psql", ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]);
  return stdout.trim();
}

/** An empty database that goes away with `remove`. */
async function makeDatabase(engine, folder) {
  if (engine === "sqlite") {
    const file = join(folder, "crm.db");
    const sql = async (text) => (await run("sqlite3", ["-cmd", ".timeout 5000", file, text])).stdout.trim();
    return { url: `sqlite://${file}`, file, sql, remove: async () => {} };
  }
  const name = `crm_browser_${process.pid}_${randomBytes(4).toString("hex")}`;
  const url = POSTGRES.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
  await psql(POSTGRES, `CREATE DATABASE ${name} TEMPLATE template0`);
  return {
    url,
    sql: (text) => psql(url, text),
    remove: () => psql(POSTGRES, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/**
 * Starts a server.
 *
 * @param {object} options
 * @param {"sqlite" | "postgres"} options.engine Where the data are.
 * @param {number} [options.profiles] Made-up clients over two tenants; with 0 the database has no tenant either.
 * @param {Record<string, string>} [options.settings] Further `CRM_*` settings.
 * @param {(url: string) => string} [options.through] What stands between the server and its database.
 */
export async function startServer({ engine, profiles = 40, settings = {}, through = (url) => url }) {
  if (!BINARY) throw new Error("CRM_BINARY must name the server's binary");
  const folder = await mkdtemp(join(tmpdir(), "crm-browser-"));
  const database = await makeDatabase(engine, folder);
  // An address that is known beforehand: after a restart the pages that are open still belong to it.
  const listen = `127.0.0.1:${await freePort()}`;
  const environment = {
    CRM_DATA_DIR: join(folder, "data"),
    CRM_DATABASE_URL: database.url,
    CRM_LISTEN: listen,
    CRM_LOG: "error",
    CRM_SEED_DEMO: "false",
    CRM_SESSION_SECRET: SECRET,
    CRM_SIGN_IN: "true",
    CRM_SIGN_IN_PER_MINUTE: "1000",
    ...settings,
  };
  await run(BINARY, ["migrate", "up"], { env: environment });
  if (profiles) await run(BINARY, ["seed", "--profiles", String(profiles), "--notes", String(profiles / 2)], { env: environment });

  const server = { engine, url: `http://${listen}`, folder, database, log: "" };
  server.start = async () => {
    const env = { ...environment, CRM_DATABASE_URL: through(database.url) };
    const child = spawn(BINARY, ["serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
    server.process = child;
    process.once("exit", () => child.kill("SIGKILL"));
    server.ended = new Promise((resolve) => child.once("exit", resolve));
    child.stderr.on("data", (text) => { server.log += text; });
    let said = "";
    await new Promise((resolve, reject) => {
      child.stdout.on("data", (text) => {
        said += text;
        if (said.includes("listens on ")) resolve();
      });
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}${server.log}`)));
    });
  };
  server.stop = async () => {
    server.process.kill();
    await server.ended;
  };
  server.remove = async () => {
    await server.stop();
    await database.remove();
    await rm(folder, { recursive: true, force: true });
  };
  await server.start();
  return server;
}
