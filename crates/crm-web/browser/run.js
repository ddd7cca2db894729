// Runs the tests of every file, or of those named: `npm test -- notes photo`. All share one process, one browser and its
// windows, because a new window costs as much as a test; two files are at work at a time.

import { after, describe } from "node:test";
import { readdir } from "node:fs/promises";
import { testsOf } from "./lib/registry.js";
import { endWorld, startWorld } from "./lib/world.js";

const folder = new URL("tests/", import.meta.url);
const wanted = process.argv.slice(2);
const names = (await readdir(folder)).filter((name) => name.endsWith(".test.js"));
const chosen = names.filter((name) => !wanted.length || wanted.some((part) => name.includes(part)));

const files = [];
try {
  await startWorld();
  for (const name of chosen) files.push([name, await testsOf(new URL(name, folder))]);
} catch (error) {
  await endWorld();
  throw error;
}

describe("the pages", { concurrency: 2 }, () => {
  for (const [name, begin] of files) describe(name, { concurrency: 1 }, begin);
});
after(endWorld);

// Who is told to stop takes servers and databases along.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.removeAllListeners(signal).once(signal, () => endWorld().finally(() => process.exit(1)));
}
