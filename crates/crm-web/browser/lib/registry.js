// The tests of a file, kept until all files are known: Node's runner would begin at once, with one after the other.

import * as runner from "node:test";

let kept = [];
const keep = (kind) => (...what) => kept.push(() => runner[kind](...what));

export const [test, before, after] = ["test", "before", "after"].map(keep);

/** Reads a file of tests; what it answers hands them to Node's runner. */
export async function testsOf(file) {
  kept = [];
  await import(file);
  const tests = kept;
  return () => tests.forEach((begin) => begin());
}
