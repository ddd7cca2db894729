// Photos made on the spot, so that the repository holds none.

import { browser } from "./world.js";

/** A JPEG of this size, as the browser's own painter makes it. */
export async function jpeg(width, height, colour = "#b35c9c") {
  const context = await (await browser()).newContext();
  const page = await context.newPage();
  const base64 = await page.evaluate(
    ([w, h, fill]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h });
      const paint = canvas.getContext("2d");
      paint.fillStyle = fill;
      paint.fillRect(0, 0, w, h);
      paint.fillStyle = "#fff";
      paint.fillRect(w / 4, h / 4, w / 2, h / 2);
      return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
    },
    [width, height, colour],
  );
  await context.close();
  return Buffer.from(base64, "base64");
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
