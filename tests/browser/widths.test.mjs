import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, say, send, shut, start, until } from "./house.mjs";

let house;
before(async () => {
  house = await start();
  const long = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk".repeat(5);
  await send(house, [
    { subject: long, text: long, to: [`${"x".repeat(60)}@example.test`] },
    { subject: "=?utf-8?B?16nXnNeV150=?=", html: "<table width=1200><tr><td>wide</table>" },
    { subject: "last", html: "<p>Hi</p>", user: long.slice(0, 200) },
  ]);
  await say(house, `EHLO ${long}`, `MAIL FROM:<${long}@example.test>`, "DATA");
});
after(async () => { await shut(); await house.stop(); });
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const width of [320, 390, 768, 1024, 1440]) for (const colorScheme of ["light", "dark"]) {
  test(`nothing runs off the page at ${width} px, ${colorScheme}`, async () => {
    const page = await open({ viewport: { width, height: 844 }, colorScheme });
    for (const path of ["/", "/setup", "/api/", "/api/#wait", "/api/#shape-Message", "/sessions", "/sessions?show=silent", "/?q=nothing", "/nowhere", ...["html", "text", "headers", "parts", "source", "envelope", "findings"].map((tab) => `/message/latest?tab=${tab}`)]) {
      await page.goto(house.http + path);
      assert.ok((await overflow(page)) <= 0, `${path}: ${await overflow(page)} px`);
      const third = page.locator("#rows .row-link").nth(2);
      if (!(await third.count()) || !(await third.isVisible())) continue;
      await third.click();
      await page.waitForSelector("#message[data-id]");
      assert.ok((await overflow(page)) <= 0, `${path}, opened`);
    }
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).every((part) => part < 80));
    assert.equal(dark, colorScheme === "dark");
    await page.context().close();
  });
}

test("on a phone list and message take turns at the same addresses", async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  assert.ok(!(await page.isVisible("#message")));
  await page.tap("#rows .row-link");
  await page.waitForSelector("#message[data-id]");
  assert.ok(!(await page.isVisible("#rows")));
  const { width } = await page.locator("#message").boundingBox();
  assert.equal(width, 390);
  await page.tap(".back");
  await until(() => page.isVisible("#rows"), "the list");
  assert.equal(page.url(), `${house.http}/`);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("at 900 px and more they stand side by side", async () => {
  const page = await open({ viewport: { width: 900, height: 700 } });
  await page.goto(`${house.http}/message/latest`);
  assert.ok(await page.isVisible("#rows"));
  assert.ok(await page.isVisible("#subject"));
  await page.context().close();
});
