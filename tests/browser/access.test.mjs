// axe-core finds nothing on any page, in both themes.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { open, send, shut, start } from "./house.mjs";

const axe = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
let house;
before(async () => {
  house = await start();
  const mail = async (name) => ({ raw: await readFile(new URL(`../eml/restante/${name}.eml`, import.meta.url), "utf8") });
  await send(house, [
    await mail("delivery-status"), await mail("invitation"), await mail("amp"),
    { subject: "plain", text: "See https://example.test/." },
    { raw: "Subject: odd\n\nno header worth the name\n", user: "worker-3" },
    { from: "bounce@x.test", author: "app@example.test", subject: "rich", html: "<p>Hi</p>", to: ["a@example.test", "b@example.test"] },
  ]);
});
after(async () => { await shut(); await house.stop(); });

const PATHS = ["/", "/setup", "/sessions", "/api/", "/api/#wait", "/?sessions=1", "/?q=nothing", "/?q=rich+OR+plain", "/?q=larger:much", "/?q=(", "/nowhere", "/message/0000000000000000000000", "/mailbox/empty/", "/mailbox/worker-3/message/latest", "/message/latest?q=subject:undelivered&tab=report", "/message/latest?q=subject:invitation&tab=event", "/message/latest?q=subject:x&tab=amp"];
for (const colorScheme of ["light", "dark"]) for (const width of [1440, 390]) {
  test(`every page at ${width} px, ${colorScheme}`, async () => {
    const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    const check = async (what) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      const words = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message}`).join(" | ")}`);
      assert.deepEqual(words, [], what);
    };
    for (const path of [...PATHS, ...["html", "text", "headers", "parts", "source", "envelope", "findings"].map((tab) => `/message/latest?tab=${tab}`)]) {
      await page.goto(house.http + path);
      await check(path);
    }
    const states = {
      "the side": async () => { if (!await page.isVisible("#side")) await page.click(".menu-button"); },
      "picked rows": async () => { await page.click("#rows .pick input >> nth=0"); await page.click("#bulk .tag-menu summary"); },
      "a deletion": async () => { await page.click("#rows .pick input >> nth=0"); await page.keyboard.press("#"); await page.waitForSelector("#toast:visible"); },
      "its undoing": async () => { await page.click("#rows .pick input >> nth=0"); await page.keyboard.press("#"); await page.waitForSelector("#toast button"); await page.keyboard.press("z"); await page.waitForSelector("#toast >> text=restored"); },
      "a completion": async () => { await page.click(".search input"); await page.keyboard.type("is"); await page.waitForSelector("#complete [role=option]"); await page.keyboard.press("ArrowDown"); },
      "the help": async () => { await page.keyboard.press("?"); },
      "the palette": async () => { await page.keyboard.press("Control+k"); await page.keyboard.type("go"); },
      "dense rows, and what is shown": async () => { await page.click(".view summary"); await page.click("[data-do=dense]"); },
    };
    for (const [what, act] of Object.entries(states)) {
      await page.goto(`${house.http}/`);
      await page.waitForSelector("#live.on");
      await act();
      await check(what);
    }
    await page.context().close();
  });
}
