// A task somebody does on the pages: in both languages, with and without script, by every role, on every engine.

import { test } from "./registry.js";
import { ENGINES } from "./server.js";
import { closeWindow, openWindow } from "./window.js";
import { words } from "./words.js";
import { serverOn } from "./world.js";

export { expectStatus } from "./window.js";

/** Languages, and whether scripts run. Two that follow each other differ in both. */
const VARIANTS = [["es", true], ["en", false], ["es", false], ["en", true]];

/**
 * Tests a task.
 *
 * @param {string} name What somebody does.
 * @param {object} options
 * @param {string[]} [options.roles] Who does it.
 * @param {boolean} [options.script] Only with script, or only without.
 * @param {string[]} [options.engines] Where.
 * @param {(visit: object) => Promise<void>} act Does it. `visit.open()` opens a window of the role.
 */
export function task(name, { roles = ["RECEPTIONIST"], script: only, engines = ENGINES }, act) {
  const variants = VARIANTS.filter(([, script]) => only === undefined || script === only);
  for (const engine of engines) {
    // Each engine begins elsewhere, so that every task is done in each of the ways.
    const first = ENGINES.indexOf(engine) * 2;
    for (let run = 0; run < Math.max(roles.length, 2); run += 1) {
      const role = roles[run % roles.length];
      const [language, script] = variants[(first + run) % variants.length];
      const how = [role, engine, language, script ? "script" : "no script"].join(", ");
      test(`${name} (${how})`, () => attempt(serverOn(engine), { role, language, script }, act));
    }
  }
}

/** Lets somebody do something on a server, and looks at everything that went wrong in their windows. */
export async function attempt(server, who, act) {
  const windows = [];
  const open = async (options = {}) => {
    const window = await openWindow(server, { ...who, ...options });
    windows.push(window);
    return window.page;
  };
  try {
    await act({ server, ...who, t: words(who.language), open });
  } catch (error) {
    for (const { page } of windows) error.message += `\nat ${page.url()}`;
    for (const window of windows) await closeWindow(window, true);
    throw error;
  }
  for (const window of windows) await closeWindow(window);
}
