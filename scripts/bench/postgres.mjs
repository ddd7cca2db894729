// The limit of PostgreSQL: pgbench asks it what our server says for each request, overheard on the wire.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pause, serve, signIn, stop, rest } from './server.mjs';
import { routes } from './routes.mjs';
import { eavesdrop } from './statements.mjs';

// Seconds that do not count.
const WARMING = 4;
// A text that is another each time, and the same for all statements of one time.
const DRAW = '\\set drawn random(1, 1000000000000000)';
const RANDOM = "('w' || :drawn::text)";
/** The statements of a request for pgbench, which runs them many times: what was new in them is made anew. */
function repeatable(said, answer, { body }) {
  const created = answer.data?.id && !answer.data.user ? `'${answer.data.id}'::text` : null;
  let entries = 0;
  return said.map((sql) => {
    let made = sql.replaceAll('\n', ' ');
    if (body && created) made = made.replaceAll(created, RANDOM);
    if (body) made = made.replace(/"occupation" = 'w\d+'::text/, `"occupation" = ${RANDOM}`);
    // What follows a colon is a variable to pgbench, also within text.
    made = made.replaceAll(/":(?=null|true|false)/g, '": ');
    // Where no chain of the log is free, our server asks again and waits.
    if (made.includes("nextval('crm_audit_id')")) {
      return `SELECT * FROM (${made}) AS free UNION ALL SELECT * FROM (${made.replace(' SKIP LOCKED', '')}) AS next LIMIT 1 \\gset`;
    }
    if (made.startsWith('INSERT INTO "crm_audit" ')) {
      made = made.replace(/\('\d{12}(\d{6})'::text, ('\w+'::text), \d+, \d+,/g, (_, index, tenant) => {
        entries = Number(index) + 1;
        return `(lpad(:unit::text, 12, '0') || '${index}', ${tenant}, :lane, :position + ${entries},`;
      });
    }
    if (made.startsWith('UPDATE "crm_audit_heads"')) made = made.replace(/"position" = \d+/, `"position" = :position + ${entries}`).replace(/"lane" = \d+/, '"lane" = :lane');
    return `${made};`;
  });
}

const LITERAL = /'(?:[^']|'')*'(?:::\w+)?/g;

/** One script for all samples that say the same but for the values: each time one of them is drawn, as a client would. */
function drawn(samples) {
  const literals = samples.map((said) => said.map((sql) => sql.match(LITERAL) ?? []));
  const together = samples[0].map((sql, statement) => {
    let place = -1;
    return sql.replace(LITERAL, (literal) => {
      place += 1;
      const values = literals.map((ofSample) => ofSample[statement][place]);
      return values.every((value) => value === literal) ? literal : `(ARRAY[${values.join(', ')}])[:sample]`;
    });
  });
  return [DRAW, `\\set sample random(1, ${samples.length})`, ...together].join('\n');
}

/** What is asked, and how often a second PostgreSQL answers the same. */
export async function postgresLimit({ crm, database, folder, seconds, connections, samples }) {
  const url = new URL(database);
  const ear = await eavesdrop(url.hostname, url.port || 5432);
  const overheard = new URL(database);
  overheard.port = ear.port;
  const { server, base } = await serve(crm, overheard.href, folder);
  const token = await signIn(base);
  const all = await routes(base, token, samples);
  await rest(server, database);
  const scripts = {};
  for (const [name, requests] of Object.entries(all)) {
    const shapes = {};
    for (const [index, request] of requests.entries()) {
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
      const answer = await ask(2);
      const said = repeatable(ear.take(), answer, request);
      (shapes[said.map((sql) => sql.replace(LITERAL, '?')).join('\n')] ??= []).push(said);
    }
    scripts[name] = { statements: Object.values(shapes)[0][0].length, files: [] };
    for (const [index, alike] of Object.values(shapes).entries()) {
      const file = `${folder}/${name.replaceAll(/\W+/g, '-')}-${index}.sql`;
      writeFileSync(file, `${drawn(alike)}\n`);
      scripts[name].files.push(`${file}@${alike.length}`);
    }
  }
  await stop(server);
  ear.close();

  const limit = (name) => {
    const { files, statements } = scripts[name];
    const options = ['-n', '-M', 'prepared', '-c', connections, '-j', 1, '-P', 1, '-T', WARMING + seconds, ...files.flatMap((file) => ['-f', file])];
    // What our server says of its connections; of `work_mem` what it gives to those that search.
    const settings = { ...process.env, PGOPTIONS: '-c search_path=citaplanner_crm,public -c jit=off -c work_mem=64MB' };
    const run = spawnSync('pgbench', [...options.map(String), database], { encoding: 'utf8', env: settings });
    // Its connections plan each script once; what counts comes after that.
    const rates = [...run.stderr.matchAll(/^progress: .* ([\d.]+) tps/gm)].map(([, rate]) => Number(rate)).slice(WARMING);
    if (run.status !== 0 || rates.length === 0) throw new Error(run.stderr);
    return { statements, rate: rates.reduce((sum, rate) => sum + rate) / rates.length };
  };
  return { all, token, limit };
}
