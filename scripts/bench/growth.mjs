// Asks one request at a time on databases of different size, and prints how the medians grow; also how long each server
// takes to listen, and its memory. Called by scripts/bench-growth.sh: growth.mjs <crm> <folder> <name=url>...
import { writeFileSync } from 'node:fs';
import { lua, routes, rows, wrk } from './routes.mjs';
import { median, resident, rest, serve, signIn, stop } from './server.mjs';

const [crm, folder, ...databases] = process.argv.slice(2);
const [SECONDS, ROUNDS, SAMPLES, CONNECTIONS] = [2, 3, 64, 32];

const measured = [];
for (const named of databases) {
  const [size, url] = named.split(/=(.*)/s);
  const { server, base, started } = await serve(crm, url, folder);
  const token = await signIn(base);
  const all = await routes(base, token, SAMPLES);
  await rest(server, url);
  const idle = resident(server);
  const answered = {};
  for (const [name, requests] of Object.entries(all)) answered[name] = await rows(base, token, requests);
  const scripts = Object.entries(all).map(([name, requests], index) => {
    const file = `${folder}/${size}-${index}.lua`;
    writeFileSync(file, lua(requests, token));
    return { name, file };
  });
  const ask = (file, connections) => wrk(base, file, connections, SECONDS);
  const alone = Object.fromEntries(scripts.map(({ name, file }) => {
    const rounds = Array.from({ length: ROUNDS }, () => ask(file, 1));
    return [name, { p50: median(rounds.map(({ p50 }) => p50)), p99: median(rounds.map(({ p99 }) => p99)) }];
  }));
  const together = Object.fromEntries(scripts.map(({ name, file }) => [name, ask(file, CONNECTIONS).p99]));
  measured.push({ size, answered, alone, together, started, idle, loaded: resident(server), own: resident(server, 'RssAnon') });
  await stop(server);
}

const [first, last] = [measured[0], measured.at(-1)];
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
console.log(`one request at a time, medians of ${ROUNDS} rounds of ${SECONDS} s; ms\n`);
row(['Route', `rows in an answer, ${first.size} to ${last.size}`, ...measured.map(({ size }) => `${size}: median`), 'growth', `${last.size}: 99 %`, `${last.size}, ${CONNECTIONS} connections: 99 %`]);
row(Array(measured.length + 5).fill('---'));
for (const name of Object.keys(first.alone)) {
  const growth = last.alone[name].p50 / first.alone[name].p50;
  const medians = measured.map(({ alone }) => alone[name].p50.toFixed(1));
  const [few, many] = [first.answered[name], last.answered[name]];
  row([name, few === null ? '' : `${few} to ${many}`, ...medians, `${growth.toFixed(1)}×`, last.alone[name].p99.toFixed(1), last.together[name].toFixed(0)]);
}
console.log();
for (const { size, started, idle, loaded, own } of measured) {
  const memory = `${idle.toFixed(0)} MB before, ${loaded.toFixed(0)} MB after the run, ${own.toFixed(0)} MB without files`;
  console.log(`${size}: listens after ${started.toFixed(0)} ms; ${memory}`);
}
