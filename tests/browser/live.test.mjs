// Live for real: several windows share one stream and agree, what was missed is made up for, a burst does not freeze.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, send, shut, sleep, start, until } from "./house.mjs";
import { many } from "./post.mjs";

let house;
before(async () => { house = await start({ flags: ["--max-messages", "20000"] }); });
after(async () => { await shut(); await house.stop(); });
const clear = () => fetch(`${house.http}/api/v1/messages`, { method: "DELETE" });
const subjects = (page) => page.$$eval("#rows .row[data-id] .subject", (all) => all.map((one) => one.textContent.trim()));
const total = (page) => page.textContent("h1 [data-stat=total]");

test("windows of one browser share one stream, and each of ten still loads and agrees", async () => {
  await clear();
  const first = await open(), context = first.context(), pages = [first];
  for (let n = 1; n < 10; n++) pages.push(await context.newPage());
  for (const page of pages) { await page.goto(`${house.http}/`); await page.waitForSelector("#live.on"); }
  await send(house, [{ subject: "a" }, { subject: "b" }]);
  for (const page of pages) await until(async () => (await subjects(page)).join() === "b,a", "the rows");
  await pages[3].bringToFront();
  await pages[3].click("#rows .row-link >> nth=0");
  await pages[3].waitForSelector("#rows .row.open:not(.unread)");
  await pages[7].bringToFront();
  await until(async () => (await pages[7].locator("#rows .unread").count()) === 1, "the mark in another window");
  await pages[0].close();
  await send(house, { subject: "c" });
  await until(async () => (await subjects(pages[7])).join() === "c,b,a", "the row after one window has gone");
  await context.close();
});

test("a window that joins late, or came back by the browser's memory, has missed nothing", async () => {
  await clear();
  const page = await open(), late = await page.context().newPage();
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  // What comes between the page's making and its joining the stream.
  let held;
  await late.route("**/worker.js*", (route) => route.continue());
  await late.route("**/live.js", async (route) => { await new Promise((go) => { held = go; }); await route.continue(); });
  const loading = late.goto(`${house.http}/`);
  await until(() => held, "the asking for the script");
  await send(house, { subject: "in between" });
  await until(async () => (await subjects(page)).includes("in between"), "the row");
  held();
  await loading;
  await until(async () => (await subjects(late)).includes("in between"), "the row in the late window");
  await until(async () => (await total(late)) === "1", "its count");
  await page.context().close();
});

test("a stream that breaks heals, and what came and went meanwhile is there", async () => {
  const mine = await start();
  await send(mine, [{ subject: "stays" }, { subject: "goes" }]);
  const page = await open();
  await page.goto(`${mine.http}/`);
  await page.waitForSelector("#live.on");
  const port = new URL(mine.http).port;
  await mine.stop();
  await page.waitForSelector("#live.lost");
  const again = await start({ http: port });
  await send(again, [{ subject: "new one" }]);
  await page.waitForSelector("#live.on", { timeout: 20000 });
  await until(async () => (await subjects(page)).join() === "new one", "the other run's mail");
  await until(async () => /started anew/.test(await page.textContent("#toast")), "the word of it");
  await page.context().close();
  await again.stop();
});

test("what is read stays where it is when the list is fetched anew", async () => {
  await clear();
  await send(house, many(300));
  const page = await open();
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  await page.$eval("#scroller", (element) => element.scrollTo(0, element.scrollHeight));
  await until(async () => (await subjects(page)).length >= 200, "more rows");
  await page.$eval("#scroller", (element) => element.scrollTo(0, 9000));
  await sleep(200);
  const place = () => page.evaluate(() => { const box = document.querySelector("#scroller").getBoundingClientRect(), row = document.elementFromPoint(box.x + 100, box.y + 200).closest(".row"); return `${row.dataset.id} ${Math.round(row.getBoundingClientRect().top)}`; });
  const before = await place();
  await send(house, many(120)); // a burst: the list is fetched anew
  await until(async () => (await total(page)) === "420", "the count");
  await until(async () => /^\d+ new$/.test(await page.textContent("#pill")), "the pill");
  await sleep(600);
  assert.equal(await place(), before);
  await page.context().close();
});

test("a burst of 5,000 does not freeze the page, and every one of them is there in the end", async () => {
  await clear();
  const page = await open();
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  await page.evaluate(() => {
    window.longest = 0;
    let last = performance.now();
    setInterval(() => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; }, 10);
  });
  await Promise.all(Array.from({ length: 5 }, () => send(house, many(1000))));
  await until(async () => (await total(page)) === "5000", "the count", 30000);
  await until(async () => (await subjects(page)).length >= 100, "the rows");
  const longest = await page.evaluate(() => window.longest);
  assert.ok(longest < 2000, `the page stood still for ${longest} ms`); // a freeze, not a figure: the machine is shared
  const newest = await page.request.get(`${house.http}/api/v1/messages?limit=1`).then((answer) => answer.json());
  await until(async () => (await page.getAttribute("#rows .row", "data-id")) === newest.messages[0].ID, "the newest on top");
  await page.context().close();
});

test("10,000 messages are a list like any other: first rows, the last by scrolling on, a search", async () => {
  await clear();
  for (let n = 0; n < 10; n++) await send(house, many(1000));
  const page = await open();
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  assert.equal(await total(page), "10000");
  assert.equal((await subjects(page)).length, 100);
  await page.fill(".search input", "subject:=\"Order 77 confirmed\"");
  await page.press(".search input", "Enter");
  await page.waitForURL(/\?q=/);
  assert.equal(await page.textContent("h1 [data-stat=found]"), "10");
  await page.click("[aria-label='Delete what was found']");
  await page.waitForSelector("text=Nothing found");
  await page.keyboard.press("z");
  await until(async () => (await subjects(page)).length === 10, "the return");
  await page.context().close();
});
