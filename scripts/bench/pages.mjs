// Opens every kind of page many times, one after the other, and prints how long the answers took, to their last byte.
// Called by scripts/bench-pages.sh: pages.mjs <crm> <database> <folder> <name>
import { rest, serve, signIn, stop } from './server.mjs';

const [crm, database, folder, name] = process.argv.slice(2);
const ROUNDS = 300;
const CLIENTS = 25;

const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
const { server, base } = await serve(crm, database, folder);
await rest(server, database);
const authorization = `Bearer ${await signIn(base)}`;
async function open(path) {
  const began = performance.now();
  const answer = await fetch(base + path, { headers: { authorization, 'accept-encoding': 'gzip' }, redirect: 'manual' });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  return performance.now() - began;
}

const list = await (await fetch(`${base}/api/clients/profiles?take=200`, { headers: { authorization } })).json();
const total = list.pagination.total;
const clients = list.data.slice(-CLIENTS).map((profile) => profile.id);
const user = (await (await fetch(`${base}/ui/clientes/nuevo`, { headers: { authorization } })).text()).match(/nuevo\/([\w-]+)"/)?.[1];
const heavy = (await (await fetch(`${base}/api/clients/profiles?search=cliente%40bellavita.example`, { headers: { authorization } })).json()).data[0].id;
const of = (tab) => (round) => `/ui/clientes/${clients[round % CLIENTS]}${tab}`;
const pages = {
  list: () => '/ui/clientes',
  'list, newest first': () => '/ui/clientes?orden=recientes',
  'list, page 1,000': () => `/ui/clientes?pagina=${Math.min(1000, Math.ceil(total / 50))}`,
  'list, by name': (round) => `/ui/clientes?q=${['garcia', 'maria lopez', '5678', 'jose ángel', 'zzz'][round % 5]}`,
  'list, in a city': () => '/ui/clientes?ciudad=merida',
  'list, birthday this month': () => '/ui/clientes?cumple=1',
  'list, no visit for 90 days': () => '/ui/clientes?sin_visita=90',
  search: (round) => `/ui/buscar?q=${['gar', 'lopez m', '1234', 'jose'][round % 4]}`,
  'search, misspelt': (round) => `/ui/buscar?q=${['garsia', 'hernandes', 'quinonez', 'gonsales'][round % 4]}`,
  'people without profile': () => '/ui/clientes/nuevo',
  'people without profile, searched': (round) => `/ui/clientes/nuevo?q=${['garcia', 'maria lopez', '5678'][round % 3]}`,
  'clients of the agenda': () => '/ui/clientes/nuevo?de=agenda',
  'clients of the agenda, searched': (round) => `/ui/clientes/nuevo?de=agenda&q=${['garcia', 'maria lopez', '5678'][round % 3]}`,
  ...(user ? { 'new profile': () => `/ui/clientes/nuevo/${user}` } : {}),
  card: of(''),
  'card of 20,000 appointments': () => `/ui/clientes/${heavy}`,
  history: of('/historial'),
  'history of 20,000 appointments': () => `/ui/clientes/${heavy}/historial`,
  notes: of('/notas'),
  preferences: of('/preferencias'),
  photo: of('/foto'),
  edit: of('/editar'),
  print: of('/imprimir'),
  activity: of('/actividad'),
  trash: () => '/ui/papelera',
};
console.log(`${name}, ${total} clients; ${ROUNDS} requests each, milliseconds`);
console.log('\n| Page | median | 99th percentile |\n|---|---|---|');
for (const [page, path] of Object.entries(pages)) {
  for (let round = 0; round < CLIENTS; round += 1) await open(path(round));
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await open(path(round)));
  console.log(`| ${page} | ${quantile(times, 0.5).toFixed(1)} | ${quantile(times, 0.99).toFixed(1)} |`);
}
await stop(server);
