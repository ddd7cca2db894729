// Samples the server's stacks under load, and prints whose code each was in; draws a flame graph of each route.
// Called by scripts/flame-graphs.sh: flames.mjs <crm> <database> <folder> <folder of graphs>
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { lua, routes, wrk } from './routes.mjs';
import { rest, serve, signIn, stop } from './server.mjs';

const [crm, database, folder, graphs] = process.argv.slice(2);
const [SECONDS, CONNECTIONS, SAMPLES, PER_SECOND] = [8, 32, 8, 299];
const HOTTEST = { profile: 'profile by id', list: 'list, first page of 50', notes: 'notes of a profile', search: 'search, common word' };

// Whose a function is: the first that fits. One of nobody here belongs to whoever called it.
const OWNERS = [
  ['kernel: sockets, waking', /_\[k\]$/],
  ['allocator', /^_?mi_|mimalloc/],
  ['driver: PostgreSQL', /sqlx|sea_query_sqlx/],
  ['statements and rows', /sea_query|sea_orm/],
  ['JSON', /serde|itoa::|ryu::|zmij/],
  ['log', /tracing/],
  ['token and digests', /\bring::|ring_core|sha2|hmac|aes_gcm|hkdf/],
  ['ours', /crm_/],
  ['HTTP server and runtime', /actix|tokio|mio::|h2::|httparse|regex|deadpool/],
];
const owner = (frames) => {
  for (const frame of frames.toReversed()) {
    const found = OWNERS.find(([, names]) => names.test(frame));
    if (found) return found[0];
  }
  return 'other';
};

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { maxBuffer: 2 ** 31, encoding: 'utf8', ...options });
  if (done.status !== 0) throw new Error(`${command}: ${done.error ?? done.stderr ?? ''}`);
  return done.stdout;
}

/** Samples under load: stacks, outermost function first, and how often each was met. */
async function sampled(server, base, requests, token, name) {
  const [data, script] = [`${folder}/${name}.perf`, `${folder}/${name}.lua`];
  writeFileSync(script, lua(requests, token));
  wrk(base, script, CONNECTIONS, 2);
  const perf = spawn('perf', ['record', '-q', '-F', PER_SECOND, '--call-graph', 'dwarf,16384', '-o', data, '-p', server.pid, '--', 'sleep', SECONDS], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => perf.once('exit', resolve));
  wrk(base, script, CONNECTIONS, SECONDS);
  if ((await ended) !== 0) throw new Error('perf could not look at the server');
  const stacks = run('perf', ['script', '--no-inline', '-i', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  return run('inferno-collapse-perf', ['--all'], { input: stacks });
}

mkdirSync(graphs, { recursive: true });
const { server, base } = await serve(crm, database, folder);
const token = await signIn(base);
const all = await routes(base, token, SAMPLES);
await rest(server, database);
const shares = {};
for (const [name, route] of Object.entries(HOTTEST)) {
  const folded = await sampled(server, base, all[route], token, name);
  const options = ['--title', route, '--minwidth', '0.4', '--hash', '--colors', 'rust', '--width', '1200'];
  writeFileSync(`${graphs}/${name}.svg`, run('inferno-flamegraph', options, { input: folded }));
  const share = (shares[route] = {});
  let sum = 0;
  for (const line of folded.trim().split('\n')) {
    const [, stack, count] = line.match(/^(.*) (\d+)$/);
    // The first is the thread's name.
    const whose = owner(stack.split(';').slice(1));
    share[whose] = (share[whose] ?? 0) + Number(count);
    sum += Number(count);
  }
  for (const whose of Object.keys(share)) share[whose] /= sum / 100;
}
await stop(server);
const named = Object.values(HOTTEST);
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
row(['Share of the server\'s time, %', ...named]);
row(Array(named.length + 1).fill('---'));
for (const [whose] of [...OWNERS, ['other']]) row([whose, ...named.map((route) => (shares[route][whose] ?? 0).toFixed(0))]);
