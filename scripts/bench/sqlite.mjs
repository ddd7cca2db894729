// The limit of SQLite: its statements, prepared, in a bare loop on every processor (crates/crm-server/benches/sqlite_limit.rs).
import { spawnSync } from 'node:child_process';
import { serve, signIn, stop, rest } from './server.mjs';
import { routes } from './routes.mjs';

/** What is asked, and how often a second SQLite answers the same. Only what reads is repeated there: null for the rest. */
export async function sqliteLimit({ crm, database, folder, seconds, samples, loop }) {
  const { server, base } = await serve(crm, database, folder);
  const token = await signIn(base);
  const all = await routes(base, token, samples);
  await rest(server, database);
  await stop(server);
  const limit = (name) => {
    const requests = all[name];
    // A note on health that is read is put on record.
    if (requests.some(({ method }) => method) || name.includes('health')) return null;
    const given = [database.replace('sqlite://', ''), token, seconds, ...requests.map(({ path }) => path)];
    const run = spawnSync(loop, given.map(String), { encoding: 'utf8' });
    const found = run.stdout.match(/^(\d+) (\d+)$/m);
    if (!found) throw new Error(run.stderr);
    return { statements: Number(found[1]), rate: Number(found[2]) };
  };
  return { all, token, limit };
}
