// What the window costs, measured in Chromium against the binary of RESTANTE_BIN (a release): how soon a row is seen after
// its 250, how soon a list of 10,000 is painted beside a page that holds next to nothing, what the first visit weighs.
// `RESTANTE_BIN=target/release/restante node tests/browser/measure.mjs`
import { open, send, shut, sleep, start, until } from "./house.mjs";
import { many } from "./post.mjs";

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
const ms = (value) => `${value.toFixed(1)} ms`;
const at = () => performance.timeOrigin + performance.now();

const house = await start({ flags: ["--max-messages", "20000"] });

// A row is seen: the frame after the one that it was put in has begun.
const page = await open();
await page.goto(`${house.http}/`);
await page.waitForSelector("#live.on");
await page.evaluate(() => {
  window.seen = {};
  new MutationObserver((changes) => {
    const subjects = changes.flatMap((change) => [...change.addedNodes]).map((row) => row.querySelector?.(".subject")?.textContent).filter(Boolean);
    requestAnimationFrame(() => { for (const subject of subjects) window.seen[subject] = performance.timeOrigin + performance.now(); });
  }).observe(document.querySelector("#rows"), { childList: true });
});
const waits = [];
for (let n = 0; n < 60; n++) {
  const subject = `measured ${n}`;
  await send(house, { subject });
  const accepted = at();
  const seen = await until(() => page.evaluate((wanted) => window.seen[wanted], subject), "the row");
  if (n >= 10) waits.push(seen - accepted);
  await sleep(40);
}
console.log(`row seen after its 250: median ${ms(median(waits))}, longest ${ms(Math.max(...waits))}, of ${waits.length}`);
await page.context().close();

for (let sent = 0; sent < 10_000; sent += 1000) await send(house, many(1000));
const paint = async (path) => {
  const fresh = await open();
  await fresh.goto(house.http + path);
  const painted = await fresh.evaluate(() => new Promise((tell) => new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") tell(entry.startTime); }).observe({ type: "paint", buffered: true })));
  await fresh.context().close();
  return painted;
};
const [full, bare] = [[], []];
await paint("/");
for (let n = 0; n < 15; n++) { full.push(await paint("/")); bare.push(await paint("/nowhere")); }
console.log(`first paint: list of 10,000 ${ms(median(full))}, a page of one sentence ${ms(median(bare))}, ratio ${(median(full) / median(bare)).toFixed(2)}`);

for (const [name, path] of [["list", "/"], ["message", "/message/latest"]]) {
  const fresh = await open(), cdp = await fresh.context().newCDPSession(fresh), sizes = {};
  await cdp.send("Network.enable");
  const kinds = {};
  cdp.on("Network.responseReceived", ({ requestId, response }) => { kinds[requestId] = response.mimeType; });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => { const kind = kinds[requestId] ?? "other"; sizes[kind] = (sizes[kind] ?? 0) + encodedDataLength; });
  await fresh.goto(house.http + path, { waitUntil: "load" });
  await sleep(500);
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  console.log(`first visit of the ${name}: ${(total / 1000).toFixed(1)} kB on the wire`, Object.entries(sizes).map(([kind, size]) => `${kind} ${(size / 1000).toFixed(1)}`).join(", "));
  await fresh.context().close();
}
await shut();
await house.stop();
