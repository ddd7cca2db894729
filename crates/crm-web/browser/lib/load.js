// What a phone on a slow network sees of a page that it opens for the first time.

import { TENANTS } from "./names.js";
import { closeWindow, openWindow } from "./window.js";

/** What is called slow 4G: 1.6 Mbit/s and 150 ms there and back. */
const SLOW = { offline: false, latency: 150, downloadThroughput: (1.6 * 1_000_000) / 8, uploadThroughput: (750 * 1_000) / 8 };

/** Who looks at the tenant that nobody changes. */
export const visitor = { role: "RECEPTIONIST", tenant: TENANTS.quiet, special: {} };

/** The pages that are opened most, about this client. */
export const pagesOf = ({ id }) => ["/ui/clientes", `/ui/clientes/${id}`, `/ui/clientes/${id}/notas`, `/ui/clientes/${id}/historial`];

/** When the largest thing is painted, in milliseconds, and how much moves while the page loads. */
export async function loadOnPhone(server, path, slowerBy = 1) {
  const window = await openWindow(server, { ...visitor, special: { viewport: { width: 390, height: 844 } } });
  const { page } = window;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", SLOW);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowerBy });
  await page.goto(path, { waitUntil: "load" });
  const seen = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = { paint: 0, shift: 0 };
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        new PerformanceObserver((list) => {
          seen.paint = list.getEntries().at(-1).startTime;
          requestAnimationFrame(() => resolve(seen));
        }).observe({ type: "largest-contentful-paint", buffered: true });
      }),
  );
  await closeWindow(window);
  return seen;
}
