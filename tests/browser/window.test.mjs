// The window around the list: its side, its wall, what it remembers; picking, keeping, tagging, undoing, following.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { open, send, shut, sleep, start, until } from "./house.mjs";

let house;
before(async () => { house = await start(); });
after(async () => { await shut(); await house.stop(); });
const clear = () => fetch(`${house.http}/api/v1/messages`, { method: "DELETE" });
const fresh = async (options, path = "/") => {
  const page = await open(options);
  await page.goto(house.http + path);
  await page.waitForSelector("#live.on");
  return page;
};
const subjects = (page) => page.$$eval("#rows .row[data-id] .subject", (all) => all.map((one) => one.textContent.trim()));
const letters = (...names) => send(house, names.map((subject) => ({ subject })));
const picked = (page) => page.$$eval("#rows .pick :checked", (all) => all.map((box) => box.closest(".row").querySelector(".subject").textContent));
const done = async (page) => { assert.deepEqual(page.errors, []); await page.context().close(); };

test("the side counts what is unread, and its tags and searches lead somewhere", async () => {
  await clear();
  const page = await fresh();
  await send(house, [{ subject: "a", to: ["ann+beta@example.test"] }, { subject: "b", user: "worker-3" }]);
  await until(async () => /worker-3\s*1/.test(await page.textContent("#side")), "the new mailbox");
  assert.match(await page.textContent("#side"), /All mail\s*2/);
  await page.click("#side a >> text=beta");
  await page.waitForURL(/\?q=tag%3Abeta/);
  await page.waitForSelector("#live.on");
  assert.deepEqual(await subjects(page), ["a"]);
  assert.equal(await page.getAttribute("#side a:has-text('beta')", "aria-current"), "page");
  const colour = (selector) => page.$eval(selector, (one) => getComputedStyle(one).getPropertyValue("--hue"));
  assert.equal(await colour("#side .dot"), await colour("#rows .tag"), "one tag, one colour");
  const drawn = await page.getAttribute("#rows .tag", "class");
  await fetch(`${house.http}/api/v1/tags`, { method: "PUT", body: JSON.stringify({ IDs: await page.$$eval("#rows .row", (all) => all.map((row) => row.dataset.id)), Tags: ["beta", "Ünique"] }) });
  await until(async () => (await page.locator("#rows .tag").count()) === 2, "the other tag");
  assert.equal(await page.getAttribute("#rows .tag >> nth=0", "class"), drawn, "drawn alike by script and server");
  const byScript = await page.getAttribute("#rows .tag >> nth=1", "class");
  await page.reload();
  assert.equal(await page.getAttribute("#rows .tag >> nth=1", "class"), byScript);
  await page.click("#side a >> text=Unread");
  await page.waitForURL(/\?q=is%3Aunread/);
  assert.equal((await subjects(page)).length, 2);
  await done(page);
});

test("the side is shut and opened, and this is remembered; on a phone it lies above", async () => {
  const page = await fresh();
  assert.ok(await page.isVisible("#side"));
  await page.click(".menu-button");
  assert.ok(!(await page.isVisible("#side")));
  await page.reload();
  assert.ok(!(await page.isVisible("#side")), "remembered");
  await page.click(".menu-button");
  await page.setViewportSize({ width: 390, height: 800 });
  assert.ok(!(await page.isVisible("#side")));
  await page.click(".menu-button");
  assert.ok(await page.isVisible("#side"));
  assert.equal(await page.getAttribute(".menu-button", "aria-expanded"), "true");
  assert.ok(await page.evaluate(() => document.querySelector("#side").contains(document.activeElement)), "the focus goes along");
  await page.keyboard.press("Escape");
  assert.ok(!(await page.isVisible("#side")));
  await done(page);
});

test("the wall between list and message moves by pointer and key, and stays where it was left", async () => {
  const page = await fresh();
  const width = () => page.$eval("#list", (list) => list.offsetWidth);
  const before = await width(), box = await page.locator("#wall").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 80, box.y + 200, { steps: 4 });
  await page.mouse.up();
  const after = await width();
  assert.ok(Math.abs(after - before - 76) < 8, `${before} to ${after}`);
  await page.focus("#wall");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await width(), after - 24);
  assert.equal(await page.getAttribute("#wall", "aria-valuenow"), `${after - 24}`);
  await page.reload();
  assert.equal(await width(), after - 24, "remembered");
  await page.dblclick("#wall");
  assert.equal(await width(), before, "forgotten");
  await done(page);
});

test("rows are dense or roomy, in every window at once", async () => {
  await clear();
  await letters("one");
  const page = await fresh(), height = (on) => on.$eval("#rows .row", (row) => row.offsetHeight);
  const other = await page.context().newPage();
  await other.goto(`${house.http}/`);
  const roomy = await height(page);
  await page.click(".view summary");
  await page.click("[data-do=dense]");
  assert.ok(await height(page) < roomy - 15);
  await until(async () => await height(other) < roomy - 15, "the other window");
  assert.match(await page.textContent("#rows .who"), /jane@example\.test/, "still sender and recipient");
  await page.reload();
  assert.ok(await height(page) < roomy - 15, "remembered");
  await done(page);
});

test("click, shift, ctrl and x pick; the box above picks all", async () => {
  await clear();
  await letters("1", "2", "3", "4", "5", "6");
  const page = await fresh(), box = (at) => page.locator("#rows .pick input").nth(at), row = (at) => page.locator("#rows .row-link").nth(at);
  assert.ok(await box(0).isVisible());
  await box(1).click();
  await box(4).click({ modifiers: ["Shift"] });
  assert.deepEqual(await picked(page), ["5", "4", "3", "2"]);
  await row(2).click({ modifiers: ["Control"] });
  assert.deepEqual(await picked(page), ["5", "3", "2"]);
  await row(5).click({ modifiers: ["Shift"] });
  assert.deepEqual(await picked(page), ["5", "4", "3", "2", "1"]);
  assert.equal(await page.locator("#message[data-id]").count(), 0, "nothing opened");
  await page.click("#pick-all");
  assert.equal((await picked(page)).length, 6);
  await page.click("#pick-all");
  assert.equal((await picked(page)).length, 0);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  assert.deepEqual(await picked(page), ["6"]);
  await done(page);
});

test("a delete is undone by z and by the strip, and the rows are back at their places, marks and all", async () => {
  await clear();
  await letters("1", "2", "3", "4");
  const page = await fresh(), other = await fresh();
  for (const at of [1, 2]) await page.locator("#rows .pick input").nth(at).click();
  await page.click("#bulk [aria-label='Mark read']");
  await until(async () => (await page.locator("#rows .unread").count()) === 2, "the marks");
  for (const at of [1, 2]) await page.locator("#rows .pick input").nth(at).click();
  await page.keyboard.press("#");
  await until(async () => (await subjects(page)).join() === "4,1", "the going");
  await until(async () => (await subjects(other)).join() === "4,1", "the going elsewhere");
  assert.match(await page.textContent("#toast"), /2 messages deleted/);
  await page.click("#toast >> text=Undo");
  for (const one of [page, other]) await until(async () => (await subjects(one)).join() === "4,3,2,1", "the return");
  assert.equal(await page.locator("#rows .unread").count(), 2);
  assert.match(await page.textContent("#toast"), /2 messages restored/);
  await page.click("[data-act=delete-all] button");
  await until(async () => (await subjects(page)).length === 0, "all gone");
  assert.match(await page.textContent("#list"), /Waiting for mail|Waiting for the first/);
  await page.keyboard.press("z");
  await until(async () => (await subjects(page)).join() === "4,3,2,1", "all back");
  await done(other);
  await done(page);
});

test("what is kept is spared by the clear, counted, and let go again", async () => {
  await clear();
  await letters("go", "stay");
  const page = await fresh();
  await page.click("#rows .row-link");
  await page.waitForSelector("#message[data-id]");
  await page.keyboard.press("s");
  await page.waitForSelector("#rows .row.kept .mark.kept");
  await until(async () => (await page.textContent("#kept")).includes("1 kept"), "the count");
  await page.waitForSelector("#message [data-act=keep] [aria-pressed=true]");
  await page.keyboard.press("Escape");
  await page.click("[data-act=delete-all] button");
  await until(async () => (await subjects(page)).join() === "stay", "the clear");
  assert.match(await page.textContent("#toast"), /1 message deleted, 1 kept message spared/);
  await page.click("#side a >> text=Kept");
  await page.waitForURL(/is%3Akept/);
  assert.deepEqual(await subjects(page), ["stay"]);
  await page.keyboard.press("j");
  await page.waitForSelector("#message[data-id]");
  await page.click("#message [data-act=keep] button");
  await until(async () => (await page.locator(".mark.kept").count()) === 0, "the letting go");
  await done(page);
});

test("a keep beyond the limit says why not", async () => {
  const small = await start({ flags: ["--max-messages", "4"] });
  await send(small, [{ subject: "1" }, { subject: "2" }, { subject: "3" }]);
  const page = await open();
  await page.goto(`${small.http}/`);
  await page.click("#rows .pick input >> nth=0");
  await page.click("#pick-all");
  await page.click("#bulk [aria-label=Keep]");
  await page.waitForSelector("#toast.alarm:visible");
  assert.match(await page.textContent("#toast"), /half|2/);
  assert.equal(await page.locator(".mark.kept").count(), 0);
  await page.context().close();
  await small.stop();
});

test("tags are put on and taken off, of one and of many", async () => {
  await clear();
  await letters("1", "2");
  const page = await fresh();
  await page.click("#rows .pick input >> nth=0");
  await page.click("#pick-all");
  await page.keyboard.press("l");
  await page.keyboard.type("two words");
  await page.keyboard.press("Enter");
  await until(async () => (await page.locator("#rows .tag:has-text('two words')").count()) === 2, "the tags");
  await page.keyboard.press("Escape");
  await page.click("#rows .row-link");
  await page.waitForSelector("#message .tags .tag");
  await page.click("#message .tag-add summary");
  await page.fill("#message .tag-add input[type=text]", "mine");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#message .tags >> text=mine");
  await page.click("#message .tags [data-untag='two words']");
  await until(async () => (await page.locator("#rows .tag:has-text('two words')").count()) === 1, "one less");
  await page.reload();
  assert.match(await page.textContent("#message .tags"), /mine/);
  await page.click("#message .tags [data-untag=mine]");
  await until(async () => (await page.locator("#message [data-untag]").count()) === 0, "none left");
  await done(page);
});

test("picked messages are saved as one mbox, and as a zip", async () => {
  await clear();
  await letters("first", "second", "third");
  const page = await fresh();
  for (const at of [0, 2]) await page.locator("#rows .pick input").nth(at).click();
  for (const [words, ending] of [["One mbox file", ".mbox"], ["A zip", ".zip"]]) {
    await page.click("#bulk [aria-label='Save as a file']");
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(`#bulk >> text=${words}`)]);
    assert.ok(file.suggestedFilename().endsWith(ending));
    const bytes = await readFile(await file.path(), "latin1");
    assert.ok(ending === ".zip" ? bytes.startsWith("PK") : /Subject: first[^]*Subject: third/.test(bytes) && !bytes.includes("Subject: second"));
  }
  assert.equal((await picked(page)).length, 2, "and they stay picked");
  await done(page);
});

test("follow opens the newest as it comes, and is remembered", async () => {
  await clear();
  const page = await fresh();
  await page.click(".view summary");
  await page.click("[data-do=follow]");
  await page.reload();
  await page.waitForSelector("#live.on");
  assert.equal(await page.getAttribute("[data-do=follow]", "aria-pressed"), "true");
  for (const subject of ["one", "two"]) {
    await letters(subject);
    await page.waitForFunction((wanted) => document.querySelector("#subject")?.textContent.trim() === wanted, subject);
  }
  await page.goBack();
  await page.waitForSelector("#message:not([data-id])");
  await done(page);
});

test("a search is completed as one types, explained, saved and forgotten", async () => {
  await clear();
  await send(house, { subject: "x", to: ["ann+beta@example.test"] });
  const page = await fresh();
  await page.click(".search input");
  await page.keyboard.type("ta");
  await page.waitForSelector("#complete [role=option] >> text=tag:");
  assert.equal(await page.getAttribute(".search input", "aria-expanded"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.getAttribute(".search input", "aria-activedescendant"), "complete-0");
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue(".search input"), "tag:");
  await page.waitForSelector("#complete >> text=beta");
  await page.click("#complete [role=option] >> text=beta");
  assert.match(await page.inputValue(".search input"), /^tag:beta ?$/);
  await page.keyboard.press("Escape");
  assert.ok(!(await page.isVisible("#complete")));
  await page.keyboard.press("Enter");
  await page.waitForURL(/tag%3Abeta/);
  assert.deepEqual(await subjects(page), ["x"]);
  await page.click("[data-do=save-search]");
  await page.goto(`${house.http}/setup`);
  assert.equal(await page.textContent("#saved a"), "tag:beta");
  await page.click("#saved a");
  await page.waitForURL(/tag%3Abeta/);
  await page.hover("#saved li");
  await page.click("#saved button");
  assert.ok(!(await page.isVisible("#saved")));
  await page.fill(".search input", "larger:much");
  await page.waitForSelector("#complete .wrong");
  assert.match(await page.textContent("#complete .wrong"), /larger:much.*cannot be read/);
  await page.press(".search input", "Enter");
  await page.waitForSelector("[role=alert]");
  assert.match(await page.textContent("[role=alert]"), /larger:100kb/);
  page.errors.splice(0); // the refusal's status
  await done(page);
});

test("e is done with a message, s keeps, g goes; the palette does it by name; single letters can be switched off", async () => {
  await clear();
  await letters("1", "2", "3");
  const page = await fresh();
  const shows = (subject) => page.waitForFunction((wanted) => document.querySelector("#subject")?.textContent.trim() === wanted, subject);
  await page.keyboard.press("ArrowDown");
  await shows("3");
  await page.keyboard.press("e");
  await shows("2");
  assert.equal(await page.locator("#rows .row >> nth=0").getAttribute("class").then((names) => names.includes("unread")), false);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("next mess");
  await page.keyboard.press("Enter");
  await shows("1");
  await page.keyboard.press("?");
  await page.uncheck("#single-keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("k");
  await sleep(150);
  await shows("1");
  await page.keyboard.press("ArrowUp");
  await shows("2");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("connections");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sessions$/);
  await page.click("[data-do=help]");
  await page.check("#single-keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.waitForURL(`${house.http}/`);
  await done(page);
});

test("the system tells of mail if it was asked to, and not otherwise", async () => {
  const page = await open({ permissions: ["notifications"] });
  await page.addInitScript(() => {
    window.told = [];
    window.Notification = class { static permission = "granted"; static async requestPermission() { return "granted"; } constructor(title, { body, tag }) { window.told.push([title, body, tag]); } };
    Object.defineProperty(document, "hidden", { get: () => window.away ?? false });
  });
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
  await page.evaluate(() => { window.away = true; });
  await letters("unasked");
  await until(async () => /^\(\d+\)/.test(await page.title()), "the title's count");
  await sleep(500);
  assert.deepEqual(await page.evaluate(() => window.told), []);
  await page.click("[data-do=notify]");
  assert.equal(await page.getAttribute("[data-do=notify]", "aria-pressed"), "true");
  await letters("told");
  const [[title, body]] = await until(async () => { const told = await page.evaluate(() => window.told); return told.length && told; }, "the notification");
  assert.equal(title, "told");
  assert.match(body, /jane@example\.test/);
  await page.click("[data-do=notify]");
  await letters("silence");
  await sleep(600);
  assert.equal(await page.evaluate(() => window.told.length), 1);
  await done(page);
});

test("times are in the browser's zone, and ages tick", async () => {
  await clear();
  await letters("one");
  const page = await fresh({ timezoneId: "Asia/Tokyo", locale: "en-GB" });
  assert.match(await page.getAttribute("#rows time", "title"), /GMT\+9|JST/);
  await until(async () => /^\d+ s$/.test(await page.textContent("#rows time")), "a tick", 12000);
  await done(page);
});

test("reduced motion is kept still, and nothing shifts as mail comes", async () => {
  await clear();
  await letters(...Array.from({ length: 20 }, (_, at) => `${at}`));
  const page = await fresh({ reducedMotion: "reduce" });
  await page.evaluate(() => { window.shift = 0; new PerformanceObserver((all) => { for (const one of all.getEntries()) if (!one.hadRecentInput) window.shift += one.value; }).observe({ type: "layout-shift", buffered: true }); });
  await page.$eval("#scroller", (element) => element.scrollTo(0, 300));
  await letters("a", "b");
  await page.waitForSelector("#pill:visible");
  await sleep(300);
  assert.equal(await page.$eval("#rows .row", (row) => getComputedStyle(row).animationName), "none");
  assert.ok(await page.evaluate(() => window.shift) < 0.02, `${await page.evaluate(() => window.shift)}`);
  await done(page);
});

test("at 200 % zoom nothing runs off and everything is there", async () => {
  const page = await fresh({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.click(".menu-button");
  assert.ok(await page.isVisible("#side >> text=Set-up"));
  await done(page);
});
