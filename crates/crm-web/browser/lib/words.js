// The words of the pages, read from where the pages have them, so that every test can run in every language.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../src/words", import.meta.url));
const LANGUAGES = { es: 0, en: 1 };
// `name: "Español" / "English",`, also where it is broken into lines.
const ENTRY = /^\s*(\w+):\s*"((?:[^"\\]|\\.)*)"\s*\/\s*"((?:[^"\\]|\\.)*)",/gm;

const groups = {};
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".rs"))) {
  const source = readFileSync(join(FOLDER, file), "utf8");
  const texts = [...source.matchAll(ENTRY)].map(([, name, es, en]) => [name, [es, en].map((text) => JSON.parse(`"${text}"`))]);
  groups[file.slice(0, -3)] = Object.fromEntries(texts);
}

/** A word that does not exist must stop a test, not match everything. */
function known(object, what, read) {
  return new Proxy(object, {
    get(target, name) {
      if (typeof name === "symbol") return undefined;
      if (!(name in target)) throw new Error(`the pages have no ${what} ${name}`);
      return read(target[name]);
    },
  });
}

/** The words of a language, by group and name: `words("es").notes.add`. */
export function words(language) {
  return known(groups, "group of words", (group) => known(group, "word", (texts) => texts[LANGUAGES[language]]));
}
