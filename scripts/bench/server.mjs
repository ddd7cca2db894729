// Our server as a measurement runs it: started on a database, signed in to, looked at, stopped.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';

const credentials = { email: 'admin@bellavita.example', password: 'citaplanner-demo' };
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length / 2) - 1] + sorted[Math.floor(sorted.length / 2)]) / 2;
};

/** Starts a server; answers it, its address and the milliseconds until it listened. */
export async function serve(crm, url, folder) {
  const settings = { CRM_DATABASE_URL: url, CRM_LISTEN: '127.0.0.1:0', CRM_LOG: 'error', CRM_SIGN_IN: 'true', CRM_SEED_DEMO: 'false' };
  const secret = 'only-for-this-measurement-0123456789';
  const began = performance.now();
  const server = spawn(crm, ['serve'], {
    cwd: folder,
    env: { ...process.env, ...settings, CRM_DATABASE_MAX_CONNECTIONS: '34', NEXTAUTH_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => server.kill());
  const base = await new Promise((resolve, reject) => {
    let out = '';
    server.once('exit', () => reject(new Error(`the server ended: ${out}`)));
    server.stdout.on('data', (data) => {
      const found = (out += data).match(/listens on (\S+)/);
      if (found) resolve(found[1]);
    });
  });
  return { server, base, started: performance.now() - began };
}

export async function stop(server) {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
}

/** Megabytes of memory: all of it, or `RssAnon`, what is no file. */
export const resident = (server, kind = 'VmRSS') => Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(new RegExp(`${kind}:\\s+(\\d+)`))[1]) / 1024;

export async function signIn(base) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${base}/sign-in`, { method: 'POST', headers, body: JSON.stringify(credentials) });
  return (await answer.json()).data.token;
}

/** Bytes of an answer's body on the wire. */
export const bytes = (address, token, encoding) => new Promise((resolve, reject) => {
  get(address, { headers: { authorization: `Bearer ${token}`, 'accept-encoding': encoding } }, (answer) => {
    let received = 0;
    answer.on('data', (part) => (received += part.length)).once('end', () => resolve(received));
  }).once('error', reject);
});

/** Seconds of processor time. */
const worked = (pid) => {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
};

/** Waits until server and database have had nothing to do for three seconds: the projection has been compared. */
export async function rest(server, database) {
  const active = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()";
  const isIdle = () => !database.startsWith('postgres') || spawnSync('psql', ['-At', database, '-c', active], { encoding: 'utf8' }).stdout.trim() === '0';
  for (let idle = 0; idle < 3; ) {
    const before = worked(server.pid);
    await pause(1000);
    idle = worked(server.pid) - before < 0.1 && isIdle() ? idle + 1 : 0;
  }
}
