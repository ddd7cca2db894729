// Measures when a phone on a slow network shows the pages, for a machine that does nothing else: `npm run speed`.

import { gather } from "./lib/gather.js";
import { loadOnPhone, pagesOf } from "./lib/load.js";
import { startServer } from "./lib/server.js";
import { closeBrowser } from "./lib/world.js";

const RUNS = 5;
/** Milliseconds until the largest thing is painted. */
const MOST = 1_500;
/** How many times slower than this machine's a phone's processor is taken to be. */
const SLOWER = 4;

const server = await startServer({ engine: "sqlite", profiles: 1200 });
try {
  const world = { ...server, ...(await gather(server)) };
  const [client] = world.quiet;
  for (const path of pagesOf(client)) {
    const paints = [];
    for (let run = 0; run < RUNS; run += 1) paints.push((await loadOnPhone(world, path, SLOWER)).paint);
    const sorted = paints.map(Math.round).toSorted((a, b) => a - b);
    const middle = sorted[(RUNS - 1) / 2];
    const isSlow = middle > MOST;
    const range = `${sorted[0]} to ${sorted.at(-1)}`;
    console.log(`${path.replace(client.id, "{id}")}: LCP ${middle} ms (${range})${isSlow ? `, more than ${MOST}` : ""}`);
    if (isSlow) process.exitCode = 1;
  }
} finally {
  await closeBrowser();
  await server.remove();
}
