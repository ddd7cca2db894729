// Photos made on the spot, so that the repository holds none.

import { browser } from "./world.js";

const made = new Map();

async function paint(width, height) {
  const context = await (await browser()).newContext();
  const page = await context.newPage();
  const base64 = await page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h });
      const brush = canvas.getContext("2d");
      brush.fillStyle = "#b35c9c";
      brush.fillRect(0, 0, w, h);
      brush.fillStyle = "#fff";
      brush.fillRect(w / 4, h / 4, w / 2, h / 2);
      return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
    },
    [width, height],
  );
  await context.close();
  return Buffer.from(base64, "base64");
}

/** A JPEG of this size, as the browser's own painter makes it: once, because that takes longer than most tests. */
function jpeg(width, height) {
  const size = `${width}x${height}`;
  if (!made.has(size)) made.set(size, paint(width, height));
  return made.get(size);
}

/** A photo as somebody chooses it in the browser's dialog. */
export async function photo(width = 640, height = 480) {
  return { name: "foto de ñandú.jpg", mimeType: "image/jpeg", buffer: await jpeg(width, height) };
}

/** A photo of so many bytes: what follows the end of a JPEG is not looked at. */
export async function heavyPhoto(bytes) {
  const { buffer, ...rest } = await photo();
  return { ...rest, buffer: Buffer.concat([buffer, Buffer.alloc(bytes - buffer.length)]) };
}

/** Text with the name of a photo. */
export const NO_PHOTO = { name: "foto.jpg", mimeType: "image/jpeg", buffer: Buffer.from("GIF89a no es una foto") };
