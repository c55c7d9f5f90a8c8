// What the list shows beside single messages: conversations and connections; and what can be taken along.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { open, say, send, shut, start, until } from "./house.mjs";

let house;
before(async () => { house = await start(); });
after(async () => { await shut(); await house.stop(); });

const mail = (id, subject, fields = "X: y") => ({ raw: `From: App <app@example.test>\nMessage-ID: <${id}@app.test>\nSubject: ${subject}\n${fields}\n\nText of ${id}.` });
const subjects = (page) => page.locator("#rows .row[data-id] .subject").allTextContents();
const follow = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
const id = (page) => page.getAttribute("#message", "data-id");

test("from a message to its conversation, through it, and back, without a script", async () => {
  await send(house, [mail("a", "Order 1"), mail("z", "Parcel"), mail("b", "Re: Order 1", "In-Reply-To: <a@app.test>"), mail("l", "Re: Parcel", "References: <Z@app.test>")]);
  const page = await open({ javaScriptEnabled: false });
  await page.goto(`${house.http}/?q=order`);
  await follow(page, "#rows .row-link >> nth=1");
  assert.equal((await page.textContent("#subject")).trim(), "Order 1");
  await follow(page, ".thread-line >> text=Conversation (2)");
  assert.match(await page.textContent(".list-head h1"), /Conversation of 2 messages/);
  assert.deepEqual(await subjects(page), ["Order 1", "Re: Order 1"]);
  await follow(page, "#rows .row-link >> nth=1");
  assert.match(page.url(), /thread=/);
  assert.match(await page.textContent(".list-head h1"), /Conversation of 2 messages/);
  await follow(page, ".list-head >> [aria-label='Back to the list']");
  assert.equal(new URL(page.url()).search, "?q=order");
  await page.goto(`${house.http}/`);
  await follow(page, "#rows .row-link >> nth=0");
  assert.match(await page.textContent(".thread-line"), /References names <Z@app\.test>, but the Message-ID here is <z@app\.test>: they differ in case/);
  await page.context().close();
});

test("a conversation that is open grows, and nothing else comes into it", async () => {
  const page = await open();
  await page.goto(`${house.http}/?q=${encodeURIComponent("subject:=\"Order 1\"")}`);
  await page.click("#rows .row-link");
  await page.waitForSelector(".thread-line a");
  await follow(page, ".thread-line a");
  await until(() => page.locator("#live.on").count(), "the stream");
  await send(house, [mail("y", "Another"), mail("c", "Re: Re: Order 1", "References: <a@app.test> <b@app.test>")]);
  await until(async () => (await subjects(page)).length === 3, "the reply");
  assert.deepEqual(await subjects(page), ["Order 1", "Re: Order 1", "Re: Re: Order 1"]);
  // A row opens within the conversation, also after a reload.
  await page.click("#rows .row-link >> nth=2");
  await page.waitForSelector("#subject:text('Re: Re: Order 1')");
  await page.reload();
  assert.equal((await subjects(page)).length, 3);
  await page.keyboard.press("k");
  await page.waitForFunction(() => document.querySelector("#subject").textContent.trim() === "Re: Order 1");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a conversation is taken along as a file", async () => {
  const page = await open({ acceptDownloads: true });
  await page.goto(`${house.http}/?q=${encodeURIComponent("subject:=\"Order 1\"")}`);
  await page.click("#rows .row-link");
  await page.waitForSelector(".thread-line a");
  await follow(page, ".thread-line a");
  await page.click(".list-head [aria-label='Save the conversation …']");
  for (const [format, begins] of [["mbox", "From app@example.test "], ["zip", "PK"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.list-head button[value=${format}]`)]);
    assert.match(download.suggestedFilename(), new RegExp(`^restante-\\d{4}-\\d\\d-\\d\\d\\.${format}$`));
    const file = await readFile(await download.path(), "latin1");
    assert.ok(file.startsWith(begins), file.slice(0, 40));
    if (format === "mbox") assert.equal(file.match(/^From /gm).length, 3);
  }
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("connections without a message are rows, come at once, and the keys step over them", async () => {
  const page = await open();
  await page.goto(`${house.http}/`);
  const sessions = page.locator("#rows .session-row");
  assert.equal(await sessions.count(), 0);
  await page.click(".view summary");
  await follow(page, "[data-sessions]");
  await until(() => page.locator("#live.on").count(), "the stream");
  const before = await sessions.count();
  await say(house, "EHLO app.test", "QUIT");
  await until(async () => await sessions.count() === before + 1, "the connection");
  assert.match(await sessions.first().textContent(), /No message: /);
  assert.match(await sessions.first().locator("time").textContent(), /now|s/);
  await send(house, mail("n", "After it"));
  await until(async () => (await subjects(page))[0] === "After it", "the message");
  // Between two messages.
  assert.match(await page.locator("#rows > li >> nth=1").getAttribute("class"), /session-row/);
  await page.keyboard.press("j");
  await until(async () => (await page.textContent("#subject").catch(() => ""))?.includes("After it"), "the first");
  const first = await id(page);
  await page.keyboard.press("j");
  await until(async () => await id(page) !== first, "the next");
  assert.ok(await id(page));
  assert.match(page.url(), /sessions=1/);
  // Fetched anew, each is there once.
  await page.reload();
  const numbers = await page.locator("#rows .session-row").evaluateAll((rows) => rows.map((row) => row.dataset.session));
  assert.equal(new Set(numbers).size, numbers.length);
  await follow(page, "#rows .session-link >> nth=0");
  assert.match(await page.textContent(".dialogue"), /C: EHLO app\.test/);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("the switch works without a script, and a search says why there are none", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(`${house.http}/`);
  await page.click(".view summary");
  await follow(page, "[data-sessions]");
  assert.ok(await page.locator("#rows .session-row").count() > 0);
  await page.goto(`${house.http}/?sessions=1&q=order`);
  assert.equal(await page.locator("#rows .session-row").count(), 0);
  assert.match(await page.textContent(".list-hint"), /while you search/);
  await page.goto(`${house.http}/?sessions=1`);
  await page.click(".view summary");
  await follow(page, "[data-sessions]");
  assert.equal(await page.locator("#rows .session-row").count(), 0);
  await page.context().close();
});

const axe = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
for (const colorScheme of ["light", "dark"]) for (const width of [1280, 390]) {
  test(`conversations and connections at ${width} px, ${colorScheme}: nothing runs off, axe finds nothing`, async () => {
    const long = "x".repeat(300);
    await send(house, mail(`${long}-${colorScheme}-${width}`, `Re: ${long}`, `In-Reply-To: <${long}@nowhere.test>`));
    await say(house, `EHLO ${long}`, "QUIT");
    const page = await open({ colorScheme, viewport: { width, height: 844 }, bypassCSP: true });
    await page.goto(`${house.http}/message/latest?q=${encodeURIComponent('subject:"Re: Order 1"')}`);
    const thread = await page.getAttribute(".thread-line a", "href");
    await page.goto(`${house.http}/message/latest`);
    const lost = await page.getAttribute(".thread-line a", "href");
    for (const path of [thread, lost, "/message/latest", "/?sessions=1", "/?sessions=1&q=order", "/?thread=gone"]) {
      await page.goto(house.http + path);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), path);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message}`).join(" | ")}`), [], path);
    }
    await page.context().close();
  });
}
