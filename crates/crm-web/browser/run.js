// Runs the tests: starts what they share, then one process for each file. `npm test -- notes photo` runs two files.

import { spawn } from "node:child_process";
import { mkdtemp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { ENGINES, startServer } from "./lib/server.js";
import { CHROMIUM, gather } from "./lib/gather.js";

/** Enough clients for every test to have its own. */
const PROFILES = 1200;

const here = fileURLToPath(new URL("tests", import.meta.url));
const wanted = process.argv.slice(2);
const names = (await readdir(here)).filter((name) => name.endsWith(".test.js"));
const chosen = names.filter((name) => !wanted.length || wanted.some((part) => name.includes(part)));

const folder = await mkdtemp(join(tmpdir(), "crm-browser-world-"));
const claims = join(folder, "claims");
const servers = [];
let shared;
let code = 1;
try {
  await mkdir(claims);
  shared = await chromium.launchServer(CHROMIUM);
  const world = { browser: shared.wsEndpoint(), claims, servers: {} };
  for (const engine of ENGINES) {
    const server = await startServer({ engine, profiles: PROFILES });
    servers.push(server);
    world.servers[engine] = await gather(server);
  }
  const file = join(folder, "world.json");
  await writeFile(file, JSON.stringify(world));
  const options = ["--test", "--test-concurrency=2", `--test-reporter=${process.env.REPORTER ?? "spec"}`];
  const files = chosen.map((name) => join(here, name));
  const child = spawn(process.execPath, [...options, ...files], {
    stdio: "inherit",
    env: { ...process.env, CRM_WORLD: file },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal).on(signal, () => child.kill(signal));
  code = await new Promise((resolve) => child.once("exit", resolve));
  for (const server of servers.filter(({ log }) => log)) {
    console.error(`The server on ${server.engine} wrote to its log:\n${server.log}`);
  }
} finally {
  await shared?.close();
  await Promise.all(servers.map((server) => server.remove()));
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = code;
