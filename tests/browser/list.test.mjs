import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, send, shut, sleep, start, until } from "./house.mjs";

let house;
before(async () => { house = await start(); });
after(async () => { await shut(); await house.stop(); });
const fresh = async (options) => {
  const page = await open(options);
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  return page;
};
const subjects = (page) => page.$$eval("#rows .subject", (all) => all.map((one) => one.textContent.trim()));
const clear = (page) => page.request.delete(`${house.http}/api/v1/messages`);

test("an empty inbox shows this run's door and waits", async () => {
  const page = await fresh();
  assert.match(await page.textContent("#message"), new RegExp(`localhost:${house.smtp.port}`));
  assert.match(await page.textContent("#list"), /Waiting for the first message/);
  assert.match(await page.textContent(".snippet >> visible=true"), new RegExp(`localhost:${house.smtp.port}`));
  await page.click("label[for=s-django]");
  assert.match(await page.textContent(".snippet >> visible=true"), new RegExp(`EMAIL_PORT = ${house.smtp.port}`));
  await page.click("text=Send me a test message");
  await page.waitForSelector("#rows .row");
  assert.deepEqual(page.errors, []);
  await clear(page);
  await until(async () => (await subjects(page)).length === 0, "the row's going");
  await page.context().close();
});

test("a row appears without a reload, says whose it is, and is escaped", async () => {
  const page = await fresh();
  await page.evaluate(() => { window.notReloaded = true; });
  await send(house, { from: "bounce@x.test", to: ["jane@example.test", "joe@example.test"], subject: "<b>Bold</b> & \"quoted\"" });
  const row = page.locator("#rows .row").first();
  await row.waitFor();
  assert.equal(await row.locator(".subject").textContent(), '<b>Bold</b> & "quoted"');
  assert.match(await row.locator(".who").textContent(), /jane@example\.test\s*\+1/);
  assert.ok(await row.evaluate((element) => element.classList.contains("unread")));
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  await until(async () => (await page.title()).startsWith("(1) "), "the title's count");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("opening swaps the pane alone, marks as read after a moment, and back returns", async () => {
  const page = await fresh();
  await page.evaluate(() => { window.notReloaded = true; });
  await page.click("#rows .row-link");
  await page.waitForSelector("#message[data-id]");
  assert.match(page.url(), /\/message\/[0-9A-Za-z]{22}$/);
  assert.ok(await page.$("#rows .row.open.unread"));
  await page.waitForSelector("#rows .row.open:not(.unread)");
  await until(async () => !(await page.title()).startsWith("("), "the title's count");
  const there = page.url();
  await page.goBack();
  await page.waitForSelector("#message:not([data-id])");
  assert.equal(page.url(), `${house.http}/`);
  await page.goForward();
  await page.waitForSelector("#message[data-id]");
  assert.equal(page.url(), there);
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  await page.reload();
  assert.ok(await page.$("#message[data-id]"), "the same address leads to the same message");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("two windows agree: what one deletes goes in the other", async () => {
  const [one, two] = [await fresh(), await fresh()];
  await send(house, [{ subject: "keep" }, { subject: "drop" }]);
  for (const page of [one, two]) await until(async () => (await subjects(page))[0] === "drop", "the row");
  await one.click("#rows .row >> nth=0 >> .row-link");
  await one.waitForSelector("#message[data-id]");
  await one.click("#message [data-act=delete] button");
  await until(async () => !(await subjects(two)).includes("drop"), "the going");
  assert.ok(!(await subjects(one)).includes("drop"));
  await one.waitForFunction(() => document.querySelector("#subject")?.textContent.trim() === "keep");
  for (const page of [one, two]) { assert.deepEqual(page.errors, []); await page.context().close(); }
});

test("several are picked, marked and deleted", async () => {
  const page = await fresh();
  await clear(page);
  await send(house, [{ subject: "a" }, { subject: "b" }, { subject: "c" }]);
  await until(async () => (await subjects(page)).join() === "c,b,a", "three rows");
  await page.check("#rows .row >> nth=0 >> input");
  await page.check("#rows .row >> nth=2 >> input");
  assert.equal(await page.textContent("#picked"), "2 selected");
  await page.click("#bulk [aria-label='Mark read']");
  await until(async () => (await page.$$("#rows .unread")).length === 1, "the marks");
  await page.check("#rows .row >> nth=0 >> input");
  await page.check("#rows .row >> nth=1 >> input");
  await page.click("#bulk [aria-label=Delete]");
  await until(async () => (await subjects(page)).join() === "a", "one row");
  await page.click("[data-act=delete-all] button");
  await until(async () => (await subjects(page)).length === 0, "no row");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a search is a link, stays live, and deletes only what it found", async () => {
  const page = await fresh();
  await clear(page);
  await send(house, [{ subject: "invoice one" }, { subject: "other" }]);
  await page.fill(".search input", "subject:invoice");
  await page.press(".search input", "Enter");
  await page.waitForURL(/\?q=subject(:|%3A)invoice$/);
  await page.waitForSelector("#live.on");
  assert.deepEqual(await subjects(page), ["invoice one"]);
  await send(house, [{ subject: "something else" }, { subject: "invoice two" }]);
  await until(async () => (await subjects(page)).join() === "invoice two,invoice one", "the new one");
  assert.equal(await page.textContent("h1 [data-stat=found]"), "2");
  await page.click("[aria-label='Delete what was found']");
  await page.waitForSelector("text=Nothing found");
  await page.click("text=Clear the search");
  await page.waitForURL(`${house.http}/`);
  assert.deepEqual(await subjects(page), ["something else", "other"]);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("what is read does not move: new rows wait above, a pill counts them", async () => {
  const page = await fresh();
  await clear(page);
  await send(house, Array.from({ length: 30 }, (_, n) => ({ subject: `old ${n}` })));
  await until(async () => (await subjects(page)).length === 30, "thirty rows");
  await page.evaluate(() => { document.querySelector("#scroller").scrollTop = 400; });
  await sleep(100);
  const place = () => page.$eval("#rows .row:nth-of-type(10)", (row) => `${row.textContent.trim().slice(0, 40)} ${row.getBoundingClientRect().top}`);
  const before = await place();
  await send(house, [{ subject: "new 1" }, { subject: "new 2" }, { subject: "new 3" }]);
  await page.waitForSelector("#pill:visible");
  await until(async () => (await page.textContent("#pill")) === "3 new", "the pill");
  assert.equal(await place(), before);
  await page.click("#pill");
  assert.equal((await subjects(page))[0], "new 3");
  assert.equal(await page.$eval("#scroller", (element) => element.scrollTop), 0);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a burst of hundreds neither freezes the page nor loses a row; older ones come by scrolling", async () => {
  const page = await fresh();
  await clear(page);
  await until(async () => (await subjects(page)).length === 0, "the clearing");
  const many = (from) => send(house, Array.from({ length: 130 }, (_, n) => ({ subject: `burst ${from}-${n}` })));
  await Promise.all([many(0), many(1), many(2)]);
  await until(async () => (await page.textContent("[data-stat=total]")) === "390", "the count");
  await until(async () => (await subjects(page)).length >= 100, "rows");
  // What comes while one reads further down waits above; here nobody reads before it is over.
  const newest = await page.request.get(`${house.http}/api/v1/messages?limit=1`).then((answer) => answer.json());
  await until(async () => (await page.getAttribute("#rows .row", "data-id")) === newest.messages[0].ID, "the newest on top");
  await sleep(600);
  await until(async () => {
    await page.$eval("#scroller", (element) => element.scrollTo(0, element.scrollHeight));
    // At one glance: a list that is fetched anew meanwhile begins at its top again.
    return page.evaluate(() => {
      const shown = [...document.querySelectorAll("#rows .subject")].map((subject) => subject.textContent);
      return shown.length === 390 && new Set(shown).size === 390 && !document.querySelector("#older");
    });
  }, "all rows, each once", 15000);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a mailbox has its own page, and the side learns of it", async () => {
  const page = await fresh();
  await clear(page);
  await send(house, [{ subject: "mine", user: "team/π staging" }]);
  await page.waitForSelector("#rows .box-mark");
  await page.click("#side a >> text=team/π staging");
  await page.waitForURL(/\/mailbox\/team%2F%CF%80%20staging\/$/);
  await page.waitForSelector("#live.on");
  assert.deepEqual(await subjects(page), ["mine"]);
  await send(house, [{ subject: "theirs" }, { subject: "mine too", user: "team/π staging" }]);
  await until(async () => (await subjects(page)).join() === "mine too,mine", "only mine");
  await page.click("#rows .row-link");
  await page.waitForSelector("#message[data-id]");
  assert.match(page.url(), /\/mailbox\/team%2F%CF%80%20staging\/message\//);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a server that goes is told, and its return heals the page", async () => {
  const mine = await start();
  const page = await open();
  await send(mine, { subject: "before" });
  await page.goto(`${mine.http}/`);
  await page.waitForSelector("#live.on");
  await mine.stop();
  await page.waitForSelector("#live.lost");
  assert.match(await page.textContent("#live"), /Server gone/);
  const again = await start({ http: new URL(mine.http).port });
  await send(again, { subject: "after" });
  await page.waitForSelector("#live.on", { timeout: 15000 });
  await until(async () => (await subjects(page)).join() === "after", "the new run's mail");
  await page.context().close();
  await again.stop();
});

test("a tab that was hidden before its next frame tells of new mail all the same", async () => {
  const page = await fresh();
  await page.evaluate(() => { window.requestAnimationFrame = () => 0; }); // as it is for a hidden tab: promised, never given
  await send(house, { subject: "while hidden" });
  await sleep(300);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await until(async () => /^\(\d+\) /.test(await page.title()), "the number in the title");
  assert.ok((await subjects(page)).includes("while hidden"));
  await clear(page);
  await page.context().close();
});
