import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, say, send, shut, start, until } from "./house.mjs";

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
  assert.doesNotMatch(await page.innerText("#fields"), /Jürgen/);
  await page.click("label[for=as-both]");
  assert.match(await page.innerText("#fields"), /Jürgen[^]*=\?utf-8\?Q\?J=C3=BCrgen\?=/);
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

test("addresses of fields lead to the mail of those who have them, and a value is copied", async () => {
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${house.http}/message/latest?tab=headers`);
  const link = page.locator("#fields a", { hasText: "app@example.test" });
  assert.match(await link.getAttribute("href"), /^\/\?q=from%3Aapp%40example\.test$/);
  const row = page.locator("#fields > div", { hasText: "X-Twice" });
  await row.hover();
  await row.locator("button").click();
  await row.locator(".done").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Jürgen");
  await link.click();
  await page.waitForURL(/\?q=from/);
  assert.equal(await page.locator("#rows .row").count(), 2);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a finding leads to its line in the source, and a refusable message says so", async () => {
  await say(house, "EHLO odd", "MAIL FROM: <a@example.test>", "RCPT TO:<b@example.test>", "DATA", `Subject: odd one\r\n\r\n${"line\r\n".repeat(200)}bare\nline\r\n.`, "QUIT");
  await page.goto(`${house.http}/message/latest?tab=text`);
  assert.match(await page.textContent(".refusable-strip"), /A strict server would refuse this message.*LF alone/);
  assert.equal(await page.locator("#rows .refusable").count(), 1);
  await page.click(".strip >> text=bare lf");
  await page.waitForSelector("#message[data-tab=findings]");
  const count = await page.locator(".finding-list li").count();
  assert.equal(await page.textContent(".tabs [aria-current] .count"), `${count}`);
  await page.click(".finding-place >> text=line 203");
  await page.waitForSelector("#message[data-tab=source] mark.target");
  assert.match(page.url(), /tab=source&line=203#line-203$/);
  assert.equal((await page.textContent("mark.target")).trim(), "bare");
  const box = await page.locator("mark.target").boundingBox();
  assert.ok(box.y > 0 && box.y < 800, `in view: ${box.y}`);
  await tab("Findings");
  await page.click("a.finding-place >> text=dialogue");
  await page.waitForSelector("#message[data-tab=envelope] .target");
  assert.match(await page.textContent(".dialogue .target"), /MAIL FROM: </);
});

test("a line that lies deep is shown with what stands around it, without a script too", async () => {
  await send(house, { subject: "long", text: Array.from({ length: 60_000 }, (_, n) => `this is line ${n} of the text`).join("\n") });
  for (const javaScriptEnabled of [true, false]) {
    const page = await open({ javaScriptEnabled });
    await page.goto(`${house.http}/message/latest?tab=source&line=50000-50002#line-50000`);
    assert.equal((await page.textContent("#line-50000")).trim().split("\n").length, 3);
    const box = await page.locator("#line-50000").boundingBox();
    assert.ok(box.y > 0 && box.y < 800, `in view: ${box.y}`);
    assert.match(await page.textContent(".source .body-bar"), /lines 49960 to/);
    await page.click("text=Show the beginning");
    await until(async () => (await page.locator(".numbers").textContent()).startsWith("1\n"), "the beginning");
    await page.context().close();
  }
});

const post = (kind) => fetch(`${house.http}/test-message`, { method: "POST", body: new URLSearchParams({ kind }), redirect: "manual" });

test("an attachment opens in the pane: picture, document, table, event; a message on its own page; the rest is saved", async () => {
  await post("attachment");
  for (const javaScriptEnabled of [true, false]) {
    const page = await open({ javaScriptEnabled });
    const latest = () => page.goto(`${house.http}/message/latest`);
    await latest();
    assert.match(await page.getAttribute(".file-open img", "src"), /\/part\/2\/thumb$/, "a small picture, not the whole");
    await page.click(".file-open >> text=letter.png");
    await page.waitForSelector("#open-part .part-picture img");
    assert.match(page.url(), /tab=parts&part=2/);
    assert.ok(page.asked.some((url) => url.endsWith("/part/2")));
    const facts = await page.innerText("#open-part .said >> nth=0");
    assert.match(facts, /240 × 160/);
    assert.match(facts, /SHA-256\s+[0-9a-f]{64}/);
    await page.click("#open-part summary >> text=As sent");
    assert.match(await page.innerText("#open-part"), /iVBORw0KGgo/);
    await page.click(".file-open >> text=receipt.pdf");
    const frame = await page.waitForSelector("#open-part iframe");
    const answer = await page.request.get(new URL(await frame.getAttribute("src"), page.url()).href);
    const { "content-security-policy": policy, "content-disposition": disposition, "content-type": type } = answer.headers();
    assert.match(policy, /^sandbox; default-src 'none'/);
    assert.match(`${disposition} ${type}`, /^inline.* application\/pdf$/);
    await page.click(".file-open >> text=stamps.csv");
    await page.waitForFunction(() => document.querySelector("#open-part .code")?.textContent.includes("Россия,60,blue"));
    await page.click(".file-open >> text=invite.ics");
    await page.waitForSelector("#open-part .card >> text=Collect your letters");
    await page.click(".file-open >> text=forwarded.eml");
    await page.waitForSelector("#subject >> text=A letter within the letter");
    await latest();
    assert.match(await page.locator(".file-open", { hasText: "nothing.zip" }).getAttribute("href"), /\?dl=1$/);
    await page.context().close();
  }
});

test("a part leads to its bytes in the source, and closes again", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await open({ javaScriptEnabled });
    await page.goto(`${house.http}/message/latest?tab=parts`);
    await page.click(".part-type >> text=text/csv");
    await page.waitForSelector("#open-part");
    assert.equal(await page.getAttribute("#open-part a", "aria-expanded"), "true");
    await page.click("#open-part .part-type a");
    await page.waitForFunction(() => !document.querySelector("#open-part"));
    await page.click(".part:has-text('text/csv') [aria-label$='in the source']");
    await page.waitForSelector("#message[data-tab=source] mark");
    const marked = await page.textContent("mark");
    assert.match(marked, /^Content-Type: text\/csv[^]*日本,84,green\n$/);
    await page.context().close();
  }
});

test("the source is coloured", async () => {
  await page.goto(`${house.http}/message/latest?tab=source`);
  const of = (name) => page.$$eval(`.code .${name}`, (all) => all.map((one) => one.textContent));
  assert.ok((await of("name")).includes("Content-Type:"));
  assert.ok((await of("delimiter")).some((text) => text.startsWith("--post")));
  assert.ok((await of("encoded")).some((text) => text.includes("=E2=80=8A")));
  assert.ok((await of("quiet")).some((text) => text.startsWith("iVBORw0KGgo")));
  assert.equal(await page.textContent(".code"), (await (await fetch(`${house.http}/api/v1/message/latest/raw`)).text()).replaceAll("\r\n", "\n"));
});

test("every kind of test message is a click away", async () => {
  for (const [words, subject] of [["Send me a test message", /It works: your first/], ["Plain", /in plain text/], ["Attachments", /With attachments/], ["Hostile", /Hostile/]]) {
    for (const javaScriptEnabled of [true, false]) {
      const page = await open({ javaScriptEnabled });
      await page.goto(`${house.http}/setup`);
      await Promise.all([page.waitForURL(`${house.http}/`), page.click(`.test-messages >> text=${words}`)]);
      assert.match(await page.textContent("#rows .row >> nth=0"), subject);
      await page.context().close();
    }
  }
});
