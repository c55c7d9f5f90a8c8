import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, say, send, shut, start } from "./house.mjs";

let house, page;
before(async () => {
  house = await start();
  await send(house, [
    { subject: "older", text: "See https://example.test/a?b=1&c=2 (soon).", headers: "X-Twice: one\nX-Twice: two\n" },
    { from: "bounce@x.test", to: ["jane@example.test", "bcc@example.test"], author: "app@example.test", named: "jane@example.test", subject: "newer", html: "<h1 id=hi>Hello</h1>", headers: "X-Twice: =?utf-8?Q?J=C3=BCrgen?=\n" },
  ]);
  page = await open();
  await page.goto(`${house.http}/`);
  await page.click("#rows .row-link");
  await page.waitForSelector("#message[data-id]");
});
after(async () => { assert.deepEqual(page.errors, []); await shut(); await house.stop(); });
const tab = async (name) => {
  await page.click(`.tabs >> text=${name}`);
  await page.waitForSelector(`#message[data-tab=${name.toLowerCase()}]`);
};

test("HTML comes first, in a frame that fills the pane and has no script", async () => {
  const frame = await (await page.waitForSelector("iframe.frame")).contentFrame();
  assert.equal(await frame.textContent("#hi"), "Hello");
  const { sandbox, height } = await page.$eval("iframe.frame", (element) => ({ sandbox: element.getAttribute("sandbox"), height: element.clientHeight }));
  assert.doesNotMatch(sandbox, /allow-scripts|allow-same-origin|allow-forms|allow-top-navigation/);
  assert.ok(height > 300, `${height}`);
});

test("headers: decoded and as sent, in wire order, filtered", async () => {
  await tab("Headers");
  const names = await page.$$eval("#fields dt", (all) => all.map((one) => one.textContent));
  assert.deepEqual(names.slice(0, 6), ["From", "To", "Subject", "Date", "Message-ID", "X-Twice"]);
  assert.match(await page.textContent("#fields"), /Jürgen/);
  await page.click("label[for=as-sent]");
  assert.match(await page.innerText("#fields"), /=\?utf-8\?Q\?J=C3=BCrgen\?=/);
  await page.fill(".filter", "x-tw");
  assert.equal(await page.locator("#fields > div:visible").count(), 1);
});

test("a tab stays while one steps through mail, and repeats are all there", async () => {
  await page.keyboard.press("Escape");
  await page.locator("#message").press("j");
  await page.waitForFunction(() => document.querySelector("#subject").textContent.trim() === "older");
  assert.equal(await page.getAttribute("#message", "data-tab"), "headers");
  assert.match(page.url(), /tab=headers/);
  assert.equal(await page.locator("#fields dt", { hasText: "X-Twice" }).count(), 2);
});

test("text: the links are links, to where they say", async () => {
  await tab("Text");
  const link = page.locator(".text a");
  assert.equal(await link.getAttribute("href"), "https://example.test/a?b=1&c=2");
  assert.match(await link.getAttribute("rel"), /noopener/);
  assert.match(await link.getAttribute("rel"), /noreferrer/);
});

test("source, parts, envelope and dialogue", async () => {
  await tab("Source");
  assert.match(await page.textContent(".code"), /^From: App <app@example\.test>\n/);
  await tab("Parts");
  assert.match(await page.textContent(".parts"), /text\/plain/);
  await tab("Envelope");
  assert.match(await page.textContent(".said"), /jane@example\.test/);
  assert.match(await page.textContent(".dialogue"), /C: EHLO browser\.test/);
});

test("an envelope that says other than the fields is shown to", async () => {
  await page.locator("#message").press("k");
  await page.waitForFunction(() => document.querySelector("#subject").textContent.trim() === "newer");
  assert.match(await page.textContent(".wire.differs"), /bounce@x\.test.*bcc@example\.test/s);
});

test("a finding leads to its line in the source, and a refusable message says so", async () => {
  await say(house, "EHLO odd", "MAIL FROM: <a@example.test>", "RCPT TO:<b@example.test>", "DATA", `Subject: odd one\r\n\r\n${"line\r\n".repeat(200)}bare\nline\r\n.`, "QUIT");
  await page.goto(`${house.http}/message/latest?tab=text`);
  assert.match(await page.textContent(".refusable-strip"), /A strict server would refuse this message.*LF alone/);
  assert.equal(await page.locator("#rows .refusable").count(), 1);
  await page.click(".findings summary");
  await page.click(".finding-place >> text=line 203");
  await page.waitForSelector("#message[data-tab=source] mark.target");
  assert.match(page.url(), /tab=source#line-203$/);
  assert.equal((await page.textContent("mark.target")).trim(), "bare");
  const box = await page.locator("mark.target").boundingBox();
  assert.ok(box.y > 0 && box.y < 800, `in view: ${box.y}`);
  await page.click(".findings summary");
  await page.click("a.finding-place >> text=dialogue");
  await page.waitForSelector("#message[data-tab=envelope] .target");
  assert.match(await page.textContent(".dialogue .target"), /MAIL FROM: </);
});
