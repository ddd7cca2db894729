// The limit of PostgreSQL: pgbench asks it what our server says for each request, overheard on the wire.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pause, serve, signIn, stop, rest } from './server.mjs';
import { routes } from './routes.mjs';
import { eavesdrop } from './statements.mjs';

const RANDOM = 'md5(random()::text)';
/** The statements of a request for pgbench, which runs them many times: what was new in them is made anew. */
function repeatable(said, answer, { body }) {
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
    scripts[name] = { files: [], statements: 0 };
    for (const [index, request] of requests.slice(0, samples).entries()) {
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
      const file = `${folder}/${name.replaceAll(/\W+/g, '-')}-${index}.sql`;
      writeFileSync(file, `${said.join('\n')}\n`);
      scripts[name].files.push(file);
      scripts[name].statements = said.length;
      scripts[name].isRead = !said.includes('COMMIT;');
    }
  }
  await stop(server);
  ear.close();

  const limit = (name) => {
    const { files, statements, isRead } = scripts[name];
    const options = ['-n', '-M', 'prepared', '-c', connections, '-j', 1, '-T', seconds, ...files.flatMap((file) => ['-f', file])];
    const settings = { ...process.env, PGOPTIONS: '-c search_path=citaplanner_crm,public -c jit=off' };
    const run = spawnSync('pgbench', [...options.map(String), database], { encoding: 'utf8', env: settings });
    const rate = run.stdout.match(/tps = ([\d.]+)/);
    if (!rate) throw new Error(run.stderr);
    // Where something is written, clients of pgbench wait for each other's rows: no limit is shown.
    return { statements, rate: Number(rate[1]), isLimit: isRead };
  };
  return { all, token, limit };
}
