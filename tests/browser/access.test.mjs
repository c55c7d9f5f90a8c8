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

for (const colorScheme of ["light", "dark"]) for (const width of [1440, 390]) {
  test(`every page at ${width} px, ${colorScheme}`, async () => {
    const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    for (const path of ["/", "/setup", "/?q=nothing", "/nowhere", "/message/0000000000000000000000", "/mailbox/empty/", "/mailbox/worker-3/message/latest", "/message/latest?q=subject:undelivered&tab=report", "/message/latest?q=subject:invitation&tab=event", "/message/latest?q=subject:x&tab=amp", ...["html", "text", "headers", "parts", "source", "envelope", "findings"].map((tab) => `/message/latest?tab=${tab}`)]) {
      await page.goto(house.http + path);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      const words = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message}`).join(" | ")}`);
      assert.deepEqual(words, [], path);
    }
    await page.context().close();
  });
}
