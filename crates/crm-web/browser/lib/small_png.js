// Pictures of pages have few colours: with a palette instead of three bytes a pixel they take a fraction of the room.

import { deflateSync, inflateSync } from "node:zlib";
import { crc32 } from "./crc32.js";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function* chunks(png) {
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)];
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc32(body));
  return Buffer.concat([ends[0], body, ends[1]]);
}

/** The nearest of the three neighbours to their slope (PNG specification, filter type 4). */
function paeth(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The bytes of the pixels, without the filters that each line was written with. */
function unfilter(raw, height, line, step) {
  const pixels = Buffer.alloc(height * line);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; x += 1) {
      const at = y * line + x;
      const left = x >= step ? pixels[at - step] : 0;
      const up = y ? pixels[at - line] : 0;
      const corner = y && x >= step ? pixels[at - line - step] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[at] = raw[y * (line + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

/** The most frequent colours, and for each colour there is the place of the one nearest to it. */
function paletteOf(counts) {
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = byCount.slice(0, 256);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const distance = (a, b) => parts(a).reduce((sum, part, place) => sum + (part - parts(b)[place]) ** 2, 0);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of byCount.slice(256)) {
    let best = 0;
    for (let place = 1; place < 256; place += 1) {
      if (distance(colour, palette[place]) < distance(colour, palette[best])) best = place;
    }
    places.set(colour, best);
  }
  return { palette, places };
}

/** The same picture with at most 256 colours. Takes what the browser makes: eight bits a channel, not interlaced. */
export function withPalette(png) {
  const all = [...chunks(png)];
  const head = Buffer.from(all.find(({ type }) => type === "IHDR").data);
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const step = { 2: 3, 6: 4 }[head[9]];
  if (!step || head[8] !== 8 || head[12]) return png;
  const raw = inflateSync(Buffer.concat(all.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
  const pixels = unfilter(raw, height, width * step, step);
  const colourAt = (place) => (pixels[place * step] << 16) | (pixels[place * step + 1] << 8) | pixels[place * step + 2];
  const counts = new Map();
  for (let place = 0; place < width * height; place += 1) counts.set(colourAt(place), (counts.get(colourAt(place)) ?? 0) + 1);
  const { palette, places } = paletteOf(counts);
  const lines = Buffer.alloc(height * (width + 1));
  for (let place = 0; place < width * height; place += 1) {
    lines[place + Math.floor(place / width) + 1] = places.get(colourAt(place));
  }
  head[9] = 3;
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const parts = [["IHDR", head], ["PLTE", colours], ["IDAT", deflateSync(lines, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([SIGNATURE, ...parts.map(([type, data]) => chunk(type, data))]);
}
