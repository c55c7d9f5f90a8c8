// The switches above a mail's HTML.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { open, send, shut, start, until } from "./house.mjs";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const HTML = `<!doctype html><html><head><style>p{color:rgb(10,20,30)} @media (prefers-color-scheme: dark){p{color:rgb(200,210,220)}}</style></head><body><p id=p>Hello</p><img id=i alt="a stamp" src="data:image/png;base64,${PIXEL}"></body></html>`;
let house;
before(async () => {
  house = await start();
  await send(house, [{ subject: "first", html: HTML }, { subject: "second", html: HTML }]);
});
after(async () => { await shut(); await house.stop(); });
// Playwright's own setting of the colour scheme would hold for the frame too: it is left alone.
const opened = async (options) => {
  const page = await open({ colorScheme: null, ...options });
  await page.goto(`${house.http}/message/latest`);
  return page;
};
const frameOf = async (page) => (await page.waitForSelector("iframe.frame")).contentFrame();
const colour = async (page) => (await frameOf(page)).$eval("#p", (p) => getComputedStyle(p).color);
const LIGHT = "rgb(10, 20, 30)", DARK = "rgb(200, 210, 220)";
const framesAsked = (page) => page.asked.filter((url) => url.includes("/html")).length;

test("a width is the frame's, at once, and holds for the next message", async () => {
  const page = await opened();
  await page.waitForSelector("#live.on");
  const before = framesAsked(page), address = page.url();
  for (const [label, width] of [["320", 320], ["375", 375], ["600", 600]]) {
    await page.click(`[data-switch=width] >> text=${label}`);
    assert.equal(await page.$eval("iframe.frame", (frame) => frame.clientWidth), width);
    assert.equal(await (await frameOf(page)).evaluate(() => innerWidth), width);
  }
  assert.equal(framesAsked(page), before, "nothing was asked for");
  assert.equal(page.url(), address);
  await page.locator("#message").press("j");
  await page.waitForFunction(() => document.querySelector("#subject").textContent.trim() === "first");
  assert.equal(await page.$eval("iframe.frame", (frame) => frame.clientWidth), 600);
  await page.reload();
  await until(() => page.$eval("iframe.frame", (frame) => frame.clientWidth === 600), "the width is remembered");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("what the address says goes before what is remembered, until somebody chooses", async () => {
  const page = await opened();
  await page.click("[data-switch=width] >> text=600");
  await page.goto(`${house.http}/message/latest?tab=html&width=320`);
  const width = () => page.$eval("iframe.frame", (frame) => frame.clientWidth);
  assert.equal(await width(), 320);
  await page.click("[data-switch=width] >> text=375");
  assert.match(page.url(), /\/message\/latest\?tab=html$/);
  await page.reload();
  await until(async () => (await width()) === 375, "the choice");
  await page.context().close();
});

test("dark is the author's own, without a second request; light is light", async () => {
  const page = await opened();
  assert.equal(await colour(page), LIGHT);
  const before = framesAsked(page);
  await page.click("[data-switch=scheme] >> text=Dark");
  await until(async () => (await colour(page)) === DARK, "the mail's rules for dark");
  assert.equal(await page.getAttribute("[data-switch=scheme][data-value=dark]", "aria-current"), "true");
  assert.equal(await page.getAttribute("[data-switch=scheme][data-value=light]", "aria-current"), null);
  await page.click("[data-switch=scheme] >> text=Light");
  await until(async () => (await colour(page)) === LIGHT, "light again");
  assert.equal(framesAsked(page), before);
  await page.context().close();
});

test("a light preview stays light on a dark system, where the page is dark", async () => {
  const system = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--force-dark-mode"] });
  const page = await (await system.newContext({ colorScheme: null })).newPage();
  await page.goto(`${house.http}/message/latest`);
  assert.ok(await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches));
  assert.equal(await colour(page), LIGHT);
  await page.click("[data-switch=scheme] >> text=Dark");
  await until(async () => (await colour(page)) === DARK, "dark, as asked for");
  await system.close();
});

test("inverted, the frame is turned around and pictures are turned back", async () => {
  const page = await opened();
  await page.click("[data-switch=scheme] >> text=Inverted");
  await until(async () => (await frameOf(page)).url().includes("scheme=forced"), "the frame anew");
  assert.match(await page.$eval("iframe.frame", (frame) => getComputedStyle(frame).filter), /invert\(1\)/);
  const frame = await frameOf(page);
  await frame.waitForSelector("#i");
  assert.match(await frame.$eval("#i", (image) => getComputedStyle(image).filter), /invert\(1\)/);
  assert.equal(await colour(page), LIGHT, "the mail is asked for its light face");
  await page.context().close();
});

test("without images their words stand, and the message's own are not fetched", async () => {
  const page = await opened();
  const wide = async () => { const frame = await frameOf(page); await frame.waitForSelector("#i"); return frame.$eval("#i", (image) => image.complete && image.naturalWidth); };
  await until(async () => (await wide()) === 1, "the image");
  await page.click("text=Images off");
  await until(async () => (await frameOf(page)).url().includes("images=0"), "the frame anew");
  await until(async () => (await wide()) === 0, "no image");
  const answer = await page.request.get((await frameOf(page)).url());
  assert.match(answer.headers()["content-security-policy"], /img-src 'none'/);
  const length = await page.evaluate(() => history.length);
  await page.click("text=Images off");
  await until(async () => (await wide()) === 1, "the image again");
  assert.equal(await page.evaluate(() => history.length), length, "no step in the history");
  await page.context().close();
});

test("plain text and print are links", async () => {
  const page = await opened();
  const print = page.locator(".switches a", { hasText: "Print" });
  assert.deepEqual(await print.evaluate((a) => [new URL(a.href).pathname.endsWith("/html"), a.target]), [true, "_blank"]);
  await page.locator(".switches a", { hasText: "Plain text" }).click();
  await page.waitForSelector("#message[data-tab=text]");
  await page.context().close();
});

test("every switch is an address, without a script", async () => {
  const page = await opened({ javaScriptEnabled: false });
  const follow = (words) => Promise.all([page.waitForNavigation(), page.click(`.switches >> text=${words}`)]);
  await follow("375");
  await follow("Dark");
  assert.match(page.url(), /tab=html&width=375&scheme=dark$/);
  assert.equal(await page.$eval("iframe.frame", (frame) => frame.clientWidth), 375);
  assert.equal(await page.$eval("iframe.frame", (frame) => getComputedStyle(frame).colorScheme), "dark");
  await follow("Images off");
  assert.match(await page.getAttribute("iframe.frame", "src"), /html\?images=0$/);
  await follow("Inverted");
  assert.match(await page.getAttribute("iframe.frame", "src"), /html\?scheme=forced&images=0$/);
  await follow("Images off");
  await follow("Light");
  await follow("Full");
  assert.match(page.url(), /tab=html$/);
  await page.context().close();
});

test("on a phone the switches take two lines at most, and can be hit", async () => {
  const page = await opened({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { height } = await page.locator(".switches").boundingBox();
  assert.ok(height <= 90, `${height}`);
  for (const box of await page.$$eval(".switches a", (all) => all.map((a) => a.getBoundingClientRect().toJSON()))) assert.ok(box.height >= 24 && box.width >= 24, JSON.stringify(box));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await page.context().close();
});
