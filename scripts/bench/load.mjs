// Lets wrk ask our server and pgbench ask PostgreSQL the same statements, turn by turn, and prints the ratio per route.
// Called by scripts/bench-load.sh: load.mjs <crm> <postgres url> <folder>
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eavesdrop } from './statements.mjs';

const [crm, database, folder] = process.argv.slice(2);
const [ROUNDS, SECONDS, CONNECTIONS, SAMPLES] = [3, 5, 32, 40];
const credentials = { email: 'admin@bellavita.example', password: 'citaplanner-demo' };
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
mkdirSync(folder, { recursive: true });

function serve(url) {
  const settings = { CRM_DATABASE_URL: url, CRM_LISTEN: '127.0.0.1:0', CRM_LOG: 'error', CRM_SIGN_IN: 'true' };
  const server = spawn(crm, ['serve'], {
    cwd: folder,
    env: { ...process.env, ...settings, CRM_DATABASE_MAX_CONNECTIONS: '24', NEXTAUTH_SECRET: 'only-for-this-measurement-0123456789' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const listens = new Promise((resolve) => {
    let out = '';
    server.stdout.on('data', (data) => {
      const found = (out += data).match(/listens on (\S+)/);
      if (found) resolve(found[1]);
    });
  });
  return { server, listens };
}
const stop = (server) => new Promise((resolve) => server.once('exit', resolve) && server.kill());
const resident = (server) => Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

async function signIn(base) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${base}/sign-in`, { method: 'POST', headers, body: JSON.stringify(credentials) });
  return (await answer.json()).data.token;
}

/** What is asked on each route: requests that differ by client. */
async function routes(base, token) {
  const headers = { authorization: `Bearer ${token}` };
  const get = async (path) => (await fetch(base + path, { headers })).json();
  const list = [];
  let cursor = '';
  for (let page = 0; page < SAMPLES; page += 1) {
    const found = await get(`/api/clients/profiles?take=50${cursor && `&cursor=${cursor}`}`);
    list.push({ id: found.data[page % found.data.length].id, path: `/api/clients/profiles?take=50${cursor && `&cursor=${cursor}`}` });
    cursor = encodeURIComponent(found.pagination.nextCursor);
  }
  const ids = list.map((one) => one.id);
  const paths = (path) => ids.map((id) => ({ path: path(id) }));
  const heavy = (await get('/api/clients/profiles?search=cliente%40bellavita.example')).data[0].id;
  const search = (...words) => words.map((word) => ({ path: `/api/clients/profiles?take=50&search=${encodeURIComponent(word)}` }));
  return {
    'profile by id': paths((id) => `/api/clients/profiles/${id}`),
    'list, first page of 50': [{ path: '/api/clients/profiles?take=50' }],
    'list, by cursor': list.slice(1).map(({ path }) => ({ path })),
    'notes of a profile': paths((id) => `/api/clients/notes?clientProfileId=${id}`),
    'preferences of a profile': paths((id) => `/api/clients/preferences?clientProfileId=${id}`),
    'history, normal client': paths((id) => `/api/clients/profiles/${id}/history`),
    'history, heavy client': [{ path: `/api/clients/profiles/${heavy}/history` }],
    'search, common word': search('garcia', 'maria', 'lopez', 'jose'),
    'search, rare word': search('xicotencatl citlali', 'arguello zoe', 'uribe begona', 'cuauhtemoc pech'),
    'search, phone digits': search('5678', '4321', '9087', '1212'),
    'update profile': ids.map((id) => ({ path: `/api/clients/profiles/${id}`, method: 'PUT', body: '{"occupation":"RANDOM"}' })),
    'create note': ids.map((id) => ({
      path: '/api/clients/notes',
      method: 'POST',
      body: JSON.stringify({ clientProfileId: id, content: 'RANDOM' }),
    })),
  };
}

const lua = (requests, token) => `
local requests = {${requests.map(({ path, method = 'GET', body }) => `{${JSON.stringify(method)}, ${JSON.stringify(path)}, ${body ? JSON.stringify(body) : 'nil'}}`)}}
math.randomseed(os.time())
function request()
  local one = requests[math.random(#requests)]
  local body = one[3] and one[3]:gsub("RANDOM", tostring(math.random(1000000000)))
  return wrk.format(one[1], one[2], {["Authorization"] = "Bearer ${token}", ["Content-Type"] = "application/json"}, body)
end
function done(summary, latency)
  local bad = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  print(string.format("RESULT %f %f %f %d", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end`;

function wrk(base, script, connections) {
  const run = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${SECONDS}s`, '--timeout', '10s', '-s', script, base], { encoding: 'utf8' });
  const [rate, p50, p99, bad] = run.stdout.match(/RESULT (\S+) (\S+) (\S+) (\S+)/).slice(1).map(Number);
  if (bad > 0) throw new Error(`${bad} requests failed: ${script}`);
  return { rate, p50, p99 };
}

function pgbench(scripts) {
  const options = ['-n', '-M', 'prepared', '-c', CONNECTIONS, '-j', 1, '-T', SECONDS, ...scripts.flatMap((file) => ['-f', file])];
  const settings = { ...process.env, PGOPTIONS: '-c search_path=citaplanner_crm,public -c jit=off' };
  const run = spawnSync('pgbench', [...options.map(String), database], { encoding: 'utf8', env: settings });
  const rate = run.stdout.match(/tps = ([\d.]+)/);
  if (!rate) throw new Error(run.stderr);
  return Number(rate[1]);
}

// First what each request says to the database.
const url = new URL(database);
const ear = await eavesdrop(url.hostname, url.port || 5432);
const overheard = new URL(database);
overheard.port = ear.port;
const listening = serve(overheard.href);
const base = await listening.listens;
const token = await signIn(base);
const all = await routes(base, token);
const scripts = {};
const random = "md5(random()::text)";
for (const [name, requests] of Object.entries(all)) {
  scripts[name] = [];
  for (const [index, { path, method, body }] of requests.slice(0, SAMPLES).entries()) {
    const ask = () => fetch(base + path, { method, body: body?.replace('RANDOM', `w${index}`), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } });
    // The second time, nothing has to be prepared or looked up once.
    await (await ask()).arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 20));
    ear.take();
    const answer = await (await ask()).json();
    if (!answer.success) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    let said = ear.take();
    if (name === 'create note') said = said.map((sql) => sql.replaceAll(`'${answer.data.id}'::text`, random));
    if (name === 'update profile') said = said.map((sql) => sql.replace(`"occupation" = 'w${index}'::text`, `"occupation" = ${random}`));
    const file = `${folder}/${name.replaceAll(/\W+/g, '-')}-${index}.sql`;
    writeFileSync(file, said.map((sql) => `${sql.replaceAll('\n', ' ')};\n`).join(''));
    scripts[name].push(file);
    scripts[name].statements = said.length;
  }
}
await stop(listening.server);
ear.close();

// Then both, turn by turn.
const { server, listens } = serve(database);
const ours = await listens;
console.log(`${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each, turn by turn, medians\n`);
console.log('| Route | statements | ours, requests/s | pgbench, transactions/s | ratio | median, ms | 99 %, ms | alone: 99 %, ms |');
console.log('|---|---|---|---|---|---|---|---|');
const results = [];
for (const [name, requests] of Object.entries(all)) {
  const script = `${folder}/${name.replaceAll(/\W+/g, '-')}.lua`;
  writeFileSync(script, lua(requests, token));
  const [mine, theirs] = [[], []];
  const alone = wrk(ours, script, 1);
  // Writes under the same pgbench statements would meet the audit chains of others: those are compared by time alone.
  for (let round = 0; round < ROUNDS; round += 1) {
    mine.push(wrk(ours, script, CONNECTIONS));
    theirs.push(pgbench(scripts[name]));
  }
  const pick = (field) => median(mine.map((one) => one[field]));
  const ratio = median(mine.map((one, round) => one.rate / theirs[round]));
  results.push({ name, ratio });
  const cells = [name, scripts[name].statements, pick('rate').toFixed(0), median(theirs).toFixed(0), ratio.toFixed(2), pick('p50').toFixed(1), pick('p99').toFixed(1), alone.p99.toFixed(1)];
  console.log(`| ${cells.join(' | ')} |`);
}
const script = `${folder}/profile-by-id.lua`;
console.log(`\nmemory after the run: ${resident(server).toFixed(0)} MB`);
wrk(ours, script, 256);
console.log(`memory after 256 connections: ${resident(server).toFixed(0)} MB`);
await stop(server);
