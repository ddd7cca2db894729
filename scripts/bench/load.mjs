// Lets wrk ask our server and pgbench ask PostgreSQL the same statements, turn by turn, and prints the ratio per route.
// Called by scripts/bench-load.sh: load.mjs <crm> <postgres url> <folder> <rounds> <chart>
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { bars } from './chart.mjs';
import { lua, routes, wrk } from './routes.mjs';
import { median, pause, resident, rest, serve, signIn, stop } from './server.mjs';
import { eavesdrop } from './statements.mjs';

const [crm, named, folder, rounds, chart] = process.argv.slice(2);
// Few samples, because pgbench plans each of them anew on each of its connections.
const [SECONDS, CONNECTIONS, SAMPLES] = [6, 32, 4];
const ROUNDS = Number(rounds);
// Neither side encrypts: what is said must be readable, and both are on one machine.
const database = `${named}?sslmode=disable`;

function pgbench(scripts) {
  const options = ['-n', '-M', 'prepared', '-c', CONNECTIONS, '-j', 1, '-T', SECONDS, ...scripts.flatMap((file) => ['-f', file])];
  const settings = { ...process.env, PGOPTIONS: '-c search_path=citaplanner_crm,public -c jit=off' };
  const run = spawnSync('pgbench', [...options.map(String), database], { encoding: 'utf8', env: settings });
  const rate = run.stdout.match(/tps = ([\d.]+)/);
  if (!rate) throw new Error(run.stderr);
  return Number(rate[1]);
}

const RANDOM = 'md5(random()::text)';
/** The statements of a request for pgbench, which runs them many times: what was new in them is made anew. */
function repeatable([said, answer], { body }) {
  const created = answer.data?.id && !answer.data.user ? `'${answer.data.id}'::text` : null;
  return said.map((sql) => {
    let made = sql.replaceAll('\n', ' ');
    if (body && created) made = made.replaceAll(created, RANDOM);
    if (body) made = made.replace(/"occupation" = 'w\d+'::text/, `"occupation" = ${RANDOM}`);
    // What follows a colon is a variable to pgbench, also within text.
    made = made.replaceAll(/":(?=null|true|false)/g, '": ');
    // Where no chain of the log is free, our server asks again and waits; pgbench can only wait at once.
    if (made.includes("nextval('crm_audit_id')")) return `${made.replace(' SKIP LOCKED', '')} \\gset`;
    made = made.replace(/("crm_audit" .* VALUES \()'\d+'::text, ('\w+'::text), \d+, \d+,/, "$1lpad(:unit::text, 12, '0') || '000000', $2, :lane, :position + 1,");
    if (made.startsWith('UPDATE "crm_audit_heads"')) made = made.replace(/"position" = \d+/, '"position" = :position + 1').replace(/"lane" = \d+/, '"lane" = :lane');
    return `${made};`;
  });
}

// First what each request says to the database.
const url = new URL(database);
const ear = await eavesdrop(url.hostname, url.port || 5432);
const overheard = new URL(database);
overheard.port = ear.port;
const { server: listening, base } = await serve(crm, overheard.href, folder);
const token = await signIn(base);
const all = await routes(base, token, SAMPLES);
await rest(listening, database);
const scripts = {};
for (const [name, requests] of Object.entries(all)) {
  scripts[name] = [];
  for (const [index, request] of requests.slice(0, SAMPLES).entries()) {
    const { path, method, body } = request;
    const ask = async (round) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await (await fetch(base + path, { method, headers, body: body?.replace('RANDOM', `w${index}${round}`) })).json();
      if (!answer.success) throw new Error(`${path}: ${JSON.stringify(answer)}`);
      await pause(10);
      return answer;
    };
    // The second time, nothing has to be looked up once.
    await ask(1);
    ear.take();
    const said = repeatable(await ask(2).then((answer) => [ear.take(), answer]), request);
    const file = `${folder}/${name.replaceAll(/\W+/g, '-')}-${index}.sql`;
    writeFileSync(file, `${said.join('\n')}\n`);
    scripts[name].push(file);
    scripts[name].statements = said.length;
    scripts[name].isRead = !said.includes('COMMIT;');
  }
}
await stop(listening);
ear.close();

// Then both, turn by turn.
const { server, base: ours } = await serve(crm, database, folder);
await rest(server, database);
console.log(`${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each, turn by turn, medians\n`);
console.log('| Route | statements | ours, requests/s | pgbench, transactions/s | ratio | median, ms | 99 %, ms | alone: 99 %, ms |');
console.log('|---|---|---|---|---|---|---|---|');
const results = [];
for (const [name, requests] of Object.entries(all)) {
  const script = `${folder}/${name.replaceAll(/\W+/g, '-')}.lua`;
  writeFileSync(script, lua(requests, token));
  const [mine, theirs] = [[], []];
  const alone = wrk(ours, script, 1, SECONDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    mine.push(wrk(ours, script, CONNECTIONS, SECONDS));
    theirs.push(pgbench(scripts[name]));
  }
  const pick = (field) => median(mine.map((one) => one[field]));
  const ratio = median(mine.map((one, round) => one.rate / theirs[round]));
  results.push({ name, value: ratio });
  const cells = [name, scripts[name].statements, pick('rate').toFixed(0), median(theirs).toFixed(0), ratio.toFixed(2), pick('p50').toFixed(1), pick('p99').toFixed(1), alone.p99.toFixed(1)];
  console.log(`| ${cells.join(' | ')} |`);
}
const script = `${folder}/profile-by-id.lua`;
console.log(`\nmemory after the run: ${resident(server).toFixed(0)} MB`);
wrk(ours, script, 256, SECONDS);
console.log(`memory after 256 connections: ${resident(server).toFixed(0)} MB`);
await stop(server);
// Where something is written, clients of pgbench wait for each other's rows: no limit is shown.
const reads = results.filter(({ name }) => scripts[name].isRead);
if (chart) writeFileSync(chart, bars('Our requests per pgbench transaction of the same statements', reads, 0.5));
