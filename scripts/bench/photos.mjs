// Compares our photo pipeline with sharp (libvips): the same files, the same process, turn by turn.
// Prints a table in Markdown. Called by scripts/bench-photos.sh.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { ssim } from 'ssim.js';

const [worker, photographs] = [process.argv[2], process.argv.slice(3)];
const ROUNDS = 30;
const WARM_UP = 3;
sharp.cache(false);

const child = spawn(worker, { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
async function ours(path) {
  child.stdin.write(`${path}\n`);
  return Number((await answers.next()).value);
}

// The fastest way we know to make both sizes with sharp: decode once, encode both from the small picture.
async function theirs(file, quality = 80) {
  const small = await sharp(file).rotate().resize(512, 512, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#fff' })
    .raw().toBuffer({ resolveWithObject: true });
  const raw = { raw: { width: small.info.width, height: small.info.height, channels: small.info.channels } };
  const [full, thumbnail] = await Promise.all([
    sharp(small.data, raw).jpeg({ quality }).toBuffer(),
    sharp(small.data, raw).resize(96, 96).jpeg({ quality }).toBuffer(),
  ]);
  return { full, thumbnail };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const pixels = async (image) => {
  const { data, info } = await sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
};
// Signal to noise of brightness and colours, in decibels.
const channels = {
  Y: (data, at) => 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2],
  Cb: (data, at) => 0.564 * (data[at + 2] - channels.Y(data, at)),
  Cr: (data, at) => 0.713 * (data[at] - channels.Y(data, at)),
};
async function signal(image, reference) {
  const { data } = await pixels(image);
  return Object.values(channels).map((channel) => {
    let squares = 0;
    for (let at = 0; at < data.length; at += 4) squares += (channel(data, at) - channel(reference.data, at)) ** 2;
    return (10 * Math.log10((255 * 255 * data.length) / 4 / squares)).toFixed(1);
  }).join('/');
}
const likeness = async (image, reference) => ssim(await pixels(image), reference, { downsample: false }).mssim;

// How many bytes sharp needs for the likeness that we reach.
async function bytesAtLikeness(file, size, reference, wanted) {
  let before;
  for (let quality = 60; quality <= 95; quality++) {
    const image = (await theirs(file, quality))[size];
    const now = { bytes: image.length, likeness: await likeness(image, reference) };
    if (now.likeness >= wanted) {
      if (!before) return now.bytes;
      const part = (wanted - before.likeness) / (now.likeness - before.likeness);
      return before.bytes + part * (now.bytes - before.bytes);
    }
    before = now;
  }
  throw new Error('no quality of sharp is as good');
}

// Cameras write 4:2:0 or 4:2:2 baseline files; editors also progressive ones and 4:4:4.
const KINDS = { '4:2:0': {}, '4:4:4': { chromaSubsampling: '4:4:4' }, 'progressive 4:2:0': { progressive: true } };

console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}; ${ROUNDS} rounds each, turn by turn, medians\n`);
console.log('| 4000×3000 JPEG, quality 90 | MB | ours, ms | sharp, ms | time, ours / sharp | 512 px: bytes, ours / sharp | SSIM, ours, sharp | bytes at equal SSIM | PSNR Y/Cb/Cr, ours, sharp | 96 px: bytes, ours / sharp | SSIM, ours, sharp | bytes at equal SSIM | PSNR Y/Cb/Cr, ours, sharp |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const photograph of photographs) {
  for (const [kind, options] of Object.entries(KINDS)) {
    const path = `${photograph}.${kind.replaceAll(/\W/g, '')}.sample`;
    const source = sharp(photograph).resize(4000, 3000, { fit: 'cover' }).jpeg({ quality: 90, ...options });
    await source.toFile(path);
    const file = readFileSync(path);

    const times = { ours: [], theirs: [], ratio: [] };
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const our = await ours(path);
      const started = performance.now();
      await theirs(file);
      const their = performance.now() - started;
      if (round < 0) continue;
      times.ours.push(our);
      times.theirs.push(their);
      times.ratio.push(our / their);
    }

    const columns = [];
    const sharps = await theirs(file);
    for (const [size, side] of [['full', 512], ['thumbnail', 96]]) {
      const image = readFileSync(`${path}.${side}.jpg`);
      const { width, height } = await sharp(image).metadata();
      // Decoded in full and reduced once, without loss.
      const whole = await sharp(file).rotate().png().toBuffer();
      const reference = await pixels(await sharp(whole).resize(width, height, { fit: 'cover', kernel: 'lanczos3' }).png().toBuffer());
      const [our, their] = [await likeness(image, reference), await likeness(sharps[size], reference)];
      const equal = image.length / (await bytesAtLikeness(file, size, reference, our));
      columns.push((image.length / sharps[size].length).toFixed(3), `${our.toFixed(4)}, ${their.toFixed(4)}`, equal.toFixed(3),
        `${await signal(image, reference)}, ${await signal(sharps[size], reference)}`);
    }
    const name = photograph.split('/').pop().split('_')[0];
    console.log(`| ${name}, ${kind} | ${(file.length / 1e6).toFixed(1)} | ${median(times.ours).toFixed(1)} | ${median(times.theirs).toFixed(1)} | **${median(times.ratio).toFixed(2)}** | ${columns.join(' | ')} |`);
  }
}
child.stdin.end();
