// Uploads 32 photos of 12 megapixels at once, while somebody else reads lists. Called by scripts/bench-photos.sh.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

const [base, pid, photograph] = process.argv.slice(2);
const UPLOADS = 32;
const ROUNDS = 3;
const status = (name) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024;
const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];

const signedIn = await fetch(`${base}/sign-in`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email: 'admin@bellavita.example', password: 'citaplanner-demo' }),
});
const authorization = `Bearer ${(await signedIn.json()).data.token}`;
const get = (path) => fetch(base + path, { headers: { authorization } }).then((answer) => answer.json());
const users = (await get(`/api/clients/profiles?take=${UPLOADS}`)).data.map((profile) => profile.userId);

const jpeg = await sharp(photograph).resize(4000, 3000, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
async function upload(userId) {
  const form = new FormData();
  form.append('userId', userId);
  form.append('file', new Blob([jpeg]), 'foto.jpg');
  const answer = await fetch(`${base}/api/clients/upload-photo`, { method: 'POST', headers: { authorization }, body: form });
  await answer.arrayBuffer();
  return answer.status;
}

let uploading = true;
const waits = [];
const reader = (async () => {
  while (uploading) {
    const started = performance.now();
    await get('/api/clients/profiles?take=20');
    waits.push(performance.now() - started);
  }
})();
const before = status('VmRSS');
const started = performance.now();
const counts = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const code of await Promise.all(users.map(upload))) counts[code] = (counts[code] ?? 0) + 1;
}
const elapsed = performance.now() - started;
uploading = false;
await reader;

console.log(`${ROUNDS} rounds of ${users.length} uploads at once, ${(jpeg.length / 1e6).toFixed(1)} MB and 12 megapixels each, in ${(elapsed / 1000).toFixed(1)} s`);
console.log(`answers: ${Object.entries(counts).map(([code, count]) => `${count} × ${code}`).join(', ')}`);
console.log(`memory: ${before.toFixed(0)} MB before, ${status('VmHWM').toFixed(0)} MB at most`);
console.log(`lists of 20 profiles meanwhile: ${waits.length}, median ${quantile(waits, 0.5).toFixed(1)} ms, 99th percentile ${quantile(waits, 0.99).toFixed(1)} ms`);
