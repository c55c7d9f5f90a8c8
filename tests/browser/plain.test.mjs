// Without JavaScript: links, forms, reload.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, send, shut, start, until } from "./house.mjs";

let house, page;
before(async () => {
  house = await start();
  page = await open({ javaScriptEnabled: false });
});
after(async () => { await shut(); await house.stop(); });
const rows = () => page.locator("#rows .row");
const follow = (selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
const home = () => page.goto(`${house.http}/`);

test("the empty page's button sends a test message", async () => {
  await home();
  await follow("text=Send me a test message");
  assert.equal(page.url(), `${house.http}/`);
  assert.equal(await rows().count(), 1);
  await until(async () => (await page.locator(".js:visible").count()) === 0, "nothing is offered that needs a script");
});

test("read, mark, step, search, page, delete", async () => {
  await send(house, Array.from({ length: 120 }, (_, n) => ({ subject: `number ${n}`, html: "<p id=hi>Hi</p>" })));
  await home();
  await follow(".row-link >> nth=0");
  assert.match(page.url(), /\/message\//);
  assert.equal((await page.textContent("#subject")).trim(), "number 119");
  await follow(".tabs >> text=Envelope");
  assert.match(await page.textContent(".dialogue"), /C: EHLO/);
  await follow("[aria-label='Older message']");
  assert.equal((await page.textContent("#subject")).trim(), "number 118");
  assert.match(await page.textContent(".dialogue"), /C: EHLO/, "the tab stays");
  await follow("#message >> text=Mark read");
  assert.match(page.url(), /\/message\//);
  await follow("#message >> text=Mark unread");
  assert.equal(page.url(), `${house.http}/`);
  await follow("text=Older messages");
  assert.match(page.url(), /before=/);
  assert.equal(await rows().count(), 21);
  await follow("text=Back to the newest");
  await page.fill("[name=q]", "subject:\"number 11\"");
  await Promise.all([page.waitForNavigation(), page.press("[name=q]", "Enter")]);
  assert.ok((await rows().count()) >= 1);
  await follow(".row-link >> nth=0");
  await follow("#message [data-act=delete] button");
  assert.match(page.url(), /\?q=/);
  await home();
  const before = await page.textContent("[data-stat=total]");
  await page.check("#rows input >> nth=0");
  await page.check("#rows input >> nth=1");
  await follow("#bulk [aria-label=Delete]");
  assert.equal(Number(await page.textContent("[data-stat=total]")), Number(before) - 2);
  assert.match(await page.textContent(".undo"), /2 deleted/);
  await follow(".undo button");
  assert.equal(await page.textContent("[data-stat=total]"), before);
  await page.check("#rows input >> nth=0");
  await follow("#bulk [aria-label=Keep]");
  assert.equal(await page.locator("#rows .row.kept").count(), 1);
  await page.check("#rows input >> nth=1");
  await page.click("#bulk .tag-menu summary");
  await page.fill("#bulk [name=add]", "by hand");
  await follow("#bulk [data-tag=add]");
  assert.match(await page.textContent("#rows .row >> nth=1 >> .row-tags"), /by hand/);
  await follow("[data-act=delete-all] button");
  assert.equal(await rows().count(), 1, "what is kept stays");
});

test("what is not there says so, in the same look", async () => {
  const gone = await page.goto(`${house.http}/message/0000000000000000000000`);
  assert.equal(gone.status(), 404);
  assert.match(await page.textContent("main"), /no longer here/);
  const nowhere = await page.goto(`${house.http}/nowhere`);
  assert.equal(nowhere.status(), 404);
  assert.match(await page.textContent("main"), /no such page/);
  await follow("text=To the inbox");
  assert.equal(page.url(), `${house.http}/`);
  await page.click(".menu-button");
  await follow("#side >> text=Set-up");
  assert.match(await page.textContent("main"), new RegExp(`localhost:${house.smtp.port}`));
});
