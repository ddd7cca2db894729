// Lets wrk ask our server and something bare ask the database the same statements, turn by turn, and prints the ratio per
// route. Called by scripts/bench-load.sh: load.mjs <crm> <database> <folder> <rounds> <chart> [<loop of SQLite>]
import { writeFileSync } from 'node:fs';
import { bars } from './chart.mjs';
import { postgresLimit } from './postgres.mjs';
import { lua, wrk } from './routes.mjs';
import { bytes, median, resident, rest, serve, stop } from './server.mjs';
import { sqliteLimit } from './sqlite.mjs';

const [crm, named, folder, rounds, chart, loop] = process.argv.slice(2);
const [SECONDS, CONNECTIONS, SAMPLES] = [6, 32, 16];
const ROUNDS = Number(rounds);
const isSqlite = named.startsWith('sqlite:');
// Neither side encrypts: what is said must be readable, and both are on one machine.
const database = isSqlite ? named : `${named}?sslmode=disable`;
const bare = isSqlite ? 'a bare loop' : 'pgbench';

const measured = { crm, database, folder, seconds: SECONDS, connections: CONNECTIONS, samples: SAMPLES, loop };
const { all, token, limit } = await (isSqlite ? sqliteLimit(measured) : postgresLimit(measured));
const { server, base } = await serve(crm, database, folder);
await rest(server, database);
console.log(`${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each, turn by turn, medians\n`);
console.log(`| Route | statements | ours, requests/s | ${bare}, the same statements, times/s | ratio | median, ms | 99 %, ms | alone: 99 %, ms |`);
console.log('|---|---|---|---|---|---|---|---|');
const results = [];
for (const [name, requests] of Object.entries(all)) {
  const script = `${folder}/${name.replaceAll(/\W+/g, '-')}.lua`;
  writeFileSync(script, lua(requests, token));
  const [mine, theirs] = [[], []];
  const alone = wrk(base, script, 1, SECONDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    mine.push(wrk(base, script, CONNECTIONS, SECONDS));
    // The server still works on what wrk no longer waits for.
    await rest(server, database);
    theirs.push(limit(name));
  }
  const pick = (field) => median(mine.map((one) => one[field]));
  const limits = theirs.filter((one) => one !== null);
  const ratio = limits.length ? median(mine.map((one, round) => one.rate / limits[round].rate)) : null;
  if (ratio !== null) results.push({ name, value: ratio });
  const rate = pick('rate').toFixed(0);
  const compared = ratio === null ? ['', rate, '', ''] : [limits[0].statements, rate, median(limits.map((one) => one.rate)).toFixed(0), ratio.toFixed(2)];
  console.log(`| ${[name, ...compared, pick('p50').toFixed(1), pick('p99').toFixed(1), alone.p99.toFixed(1)].join(' | ')} |`);
}
console.log('\n| Answer | bytes | gzip |\n|---|---|---|');
for (const [name, [{ path, method }]] of Object.entries(all)) {
  if (method) continue;
  const sizes = [];
  for (const encoding of ['identity', 'gzip']) sizes.push(await bytes(base + path, token, encoding));
  console.log(`| ${[name, ...sizes].join(' | ')} |`);
}
const memory = () => `${resident(server).toFixed(0)} MB, ${resident(server, 'RssAnon').toFixed(0)} MB without files`;
if (!process.env.BENCH_ROUTES) {
  console.log(`\nmemory after the run: ${memory()}`);
  wrk(base, `${folder}/profile-by-id.lua`, 256, SECONDS);
  console.log(`memory after 256 connections: ${memory()}`);
  const compressed = `${folder}/compressed.lua`;
  writeFileSync(compressed, lua(all['list, first page of 50'], token, { 'Accept-Encoding': 'gzip, deflate, br, zstd' }));
  wrk(base, compressed, 256, SECONDS);
  console.log(`memory after 256 connections that ask for compressed lists: ${memory()}`);
}
await stop(server);
if (chart && !process.env.BENCH_ROUTES) writeFileSync(chart, bars(`Our requests per ${bare === 'pgbench' ? 'pgbench transaction' : 'turn of a bare loop'} of the same statements`, results, 0.5));
