// "Why did my mail not arrive?": the connections, with and without JavaScript.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, say, send, shut, start, until } from "./house.mjs";

let house;
before(async () => { house = await start(); });
after(async () => { await shut(); await house.stop(); });
const rows = (page) => page.locator(".session");

test("from the empty list to the sentence that says what to change", async () => {
  const page = await open({ javaScriptEnabled: false });
  const follow = (selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
  await page.goto(`${house.http}/`);
  await follow("text=See the connections");
  assert.match(await page.textContent("main"), /Nobody has connected yet/);
  await say(house, "EHLO app.test", "MAIL FROM:<a@example.test>", "RCPT TO:<b@example.test>", "DATA", "Subject: half");
  await say(house, "EHLO app.test", "QUIT");
  await send(house, { subject: "A whole one" });
  await page.goto(`${house.http}/`);
  assert.match(await page.textContent(".status"), /Broken connections: 1/);
  await follow("#side >> text=Connections");
  assert.equal(await rows(page).count(), 3);
  await follow("text=With trouble");
  assert.equal(await rows(page).count(), 1);
  assert.match(await page.textContent(".session-why"), /in the middle of a message.*dot on a line of its own/);
  assert.ok(!(await page.isVisible(".dialogue")));
  await page.click(".fold summary");
  assert.match(await page.textContent(".dialogue"), /C: EHLO app\.test/);
  await follow("text=Without a message");
  assert.equal(await rows(page).count(), 2);
  await follow(".filters >> text=All");
  await follow("text=A whole one");
  assert.equal((await page.textContent("#subject")).trim(), "A whole one");
  await page.context().close();
});

test("an open page says that there are newer ones", async () => {
  const page = await open();
  await page.goto(`${house.http}/sessions`);
  assert.ok(!(await page.isVisible("#anew")));
  const before = await rows(page).count();
  await say(house, "NOOP");
  await until(() => page.isVisible("#anew"), "the hint", 9000);
  await Promise.all([page.waitForNavigation(), page.click("#anew")]);
  assert.equal(await rows(page).count(), before + 1);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("many are paged", async () => {
  const page = await open();
  for (let n = 0; n < 60; n += 20) await Promise.all(Array.from({ length: 20 }, () => say(house, "QUIT")));
  await page.goto(`${house.http}/sessions?show=silent`);
  assert.equal(await rows(page).count(), 50);
  await page.click("text=Older connections");
  await page.waitForURL(/show=silent&before=/);
  assert.ok((await rows(page).count()) >= 10);
  await page.click("text=Back to the newest");
  await page.waitForURL(/show=silent$/);
  await page.context().close();
});
