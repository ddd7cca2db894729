// The routes that are measured, and wrk, which asks for them.
import { spawnSync } from 'node:child_process';
import { median } from './server.mjs';

// Notes and appointments of a usual client.
const [NOTES, VISITS] = [[1, 8], [5, 50]];
// Clients that are written to: as many as ask at once mostly find a row that nobody holds.
const WRITTEN = 32;
const NOBODY = 'search, nobody';
// Pages of the list that are asked for, and looked through for clients.
const PAGES = 100;

const wanted = new RegExp(process.env.BENCH_ROUTES ?? '');
const isEmpty = ({ data }) => data === null || data.length === 0;
const isBetween = (number, [least, most]) => number >= least && number <= most;

/** What is asked on each route whose name `BENCH_ROUTES` matches, or on all: requests that differ by client. */
export async function routes(base, token, samples) {
  const headers = { authorization: `Bearer ${token}` };
  const get = async (path) => (await fetch(base + path, { headers })).json();
  const [list, people, phones, emails] = [[], [], [], []];
  // Who reads a note on health is put on record, which is a durable write: such clients are asked for apart.
  const [plain, medical, choosy, visitors] = [[], [], [], []];
  const isEnough = () => list.length > samples && plain.length >= samples + WRITTEN && [medical, choosy, visitors].every((found) => found.length >= samples);
  for (let cursor = ''; cursor !== null && list.length < PAGES && !isEnough(); ) {
    const path = `/api/clients/profiles?take=50${cursor && `&cursor=${cursor}`}`;
    const found = await get(path);
    list.push(path);
    for (const { id, firstName, lastName, phone, email } of found.data) {
      if (isEnough()) break;
      if (phone) phones.push(phone);
      if (email) emails.push(email);
      if (firstName && lastName) people.push(`${firstName} ${lastName}`);
      const notes = async (type) => (await get(`/api/clients/notes?clientProfileId=${id}&noteType=${type}`)).pagination.total;
      const [general, health] = [await notes('GENERAL'), await notes('MEDICAL')];
      if (general > 0 && isBetween(general + health, NOTES)) (health > 0 ? medical : plain).push(id);
      if (choosy.length < samples && (await get(`/api/clients/preferences?clientProfileId=${id}`)).data) choosy.push(id);
      if (visitors.length < samples && isBetween((await get(`/api/clients/profiles/${id}/history?take=1`)).pagination.total, VISITS)) visitors.push(id);
    }
    const { nextCursor } = found.pagination;
    cursor = nextCursor && encodeURIComponent(nextCursor);
  }
  if (plain.length < samples + WRITTEN) throw new Error('the largest tenant has too few clients with a few notes');
  for (const [what, found] of Object.entries({ pages: list.slice(1), phones, emails, people, medical, choosy, visitors })) {
    if (found.length === 0) throw new Error(`the largest tenant has too few clients: no ${what}`);
    found.length = Math.min(found.length, samples);
  }
  // Those that are written to are others than those that are read.
  const written = plain.splice(samples, WRITTEN);
  plain.length = samples;
  const paths = (path, ids = plain) => ids.map((id) => ({ path: path(id) }));
  const heavy = (await get('/api/clients/profiles?search=cliente%40bellavita.example')).data[0].id;
  const search = (...words) => words.map((word) => ({ path: `/api/clients/profiles?take=50&search=${encodeURIComponent(word)}` }));
  const all = {
    'profile by id': paths((id) => `/api/clients/profiles/${id}`),
    'profile by id, with notes on health': paths((id) => `/api/clients/profiles/${id}`, medical),
    'list, first page of 50': [{ path: list[0] }],
    'list, by cursor': list.slice(1, samples + 1).map((path) => ({ path })),
    'notes of a profile': paths((id) => `/api/clients/notes?clientProfileId=${id}`),
    'preferences of a profile': paths((id) => `/api/clients/preferences?clientProfileId=${id}`, choosy),
    'history, normal client': paths((id) => `/api/clients/profiles/${id}/history`, visitors),
    'history, normal client, no figures': paths((id) => `/api/clients/profiles/${id}/history?statistics=false`, visitors),
    'history, heavy client': [{ path: `/api/clients/profiles/${heavy}/history` }],
    'history, heavy client, no figures': [{ path: `/api/clients/profiles/${heavy}/history?statistics=false` }],
    'search, common word': search('garcia', 'maria', 'lopez', 'jose'),
    'search, whole name': search(...people.slice(0, samples)),
    'search, rare word': search('inigo', 'ursula', 'echeverria', 'ibanez'),
    'search, common word misspelt': search('garsia', 'hernandes', 'gonsalez', 'guadaluep'),
    'search, rare word misspelt': search('echeveria', 'quinonez', 'joaqin', 'sochitl'),
    [NOBODY]: search('quetzalcoatl', 'nezahualcoyotl', 'schopenhauer', 'kowalczyk'),
    'search, phone digits': search('5678', '4321', '9087', '1212'),
    'search, phone number': search(...phones.slice(0, samples)),
    'search, end of a phone number': search(...phones.slice(0, samples).map((phone) => phone.replaceAll(/\D/g, '').slice(-7))),
    'search, e-mail': search(...emails.slice(0, samples)),
    'update profile': written.map((id) => ({ path: `/api/clients/profiles/${id}`, method: 'PUT', body: '{"occupation":"RANDOM"}' })),
    'create note': written.map((id) => ({
      path: '/api/clients/notes',
      method: 'POST',
      body: JSON.stringify({ clientProfileId: id, content: 'RANDOM' }),
    })),
  };
  const asked = {};
  for (const [name, requests] of Object.entries(all).filter(([name]) => wanted.test(name))) {
    // Empty answers are measured where they are looked for.
    const isAsked = async ({ path, method }) => method || name === NOBODY || !isEmpty(await get(path));
    asked[name] = [];
    for (const request of requests) if (await isAsked(request)) asked[name].push(request);
    if (asked[name].length === 0) throw new Error(`${name}: every answer is empty`);
  }
  return asked;
}

/** How many rows an answer has, the median of what is asked; `null` where it is no list. */
export async function rows(base, token, requests) {
  const headers = { authorization: `Bearer ${token}` };
  if (requests[0].method) return null;
  const counts = [];
  for (const { path } of requests) counts.push((await (await fetch(base + path, { headers })).json()).data?.length);
  return counts[0] === undefined ? null : median(counts);
}

/** What tells wrk to ask these, each time another. */
export const lua = (requests, token, headers = {}) => `
local headers = {${Object.entries({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers }).map(([name, value]) => `["${name}"] = "${value}"`)}}
local requests = {${requests.map(({ path, method = 'GET', body }) => `{${JSON.stringify(method)}, ${JSON.stringify(path)}, ${body ? JSON.stringify(body) : 'nil'}}`)}}
math.randomseed(os.time())
function request()
  local one = requests[math.random(#requests)]
  local body = one[3] and one[3]:gsub("RANDOM", tostring(math.random(1000000000)))
  return wrk.format(one[1], one[2], headers, body)
end
function done(summary, latency)
  local bad = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  print(string.format("RESULT %f %f %f %d", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end`;

/** Lets wrk ask for so many seconds; answers requests a second and milliseconds. */
export function wrk(base, script, connections, seconds) {
  const run = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, base], { encoding: 'utf8' });
  const [rate, p50, p99, bad] = run.stdout.match(/RESULT (\S+) (\S+) (\S+) (\S+)/).slice(1).map(Number);
  if (bad > 0) throw new Error(`${bad} requests failed: ${script}`);
  return { rate, p50, p99 };
}
