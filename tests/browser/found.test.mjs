import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, send, shut, start } from "./house.mjs";

let house, page;
before(async () => {
  house = await start();
  page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${house.http}/`);
});
after(async () => { assert.deepEqual(page.errors, []); await shut(); await house.stop(); });
async function opened(message) {
  await send(house, [message]);
  await page.goto(`${house.http}/message/latest`);
}

test("a one-time code stands at the head, is copied by its button, and can be selected without a script", async () => {
  await opened({ subject: "Sign in", text: "Your verification code is 481 516.\n\nIt is valid for 10 minutes.\n" });
  assert.equal(await page.textContent(".found-code code"), "481516");
  await page.click(".found-code button");
  await page.waitForSelector(".found-code .done");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "481516");
});

test("the link that the message is about opens elsewhere, and tells where it leads", async () => {
  await opened({ subject: "Confirm", html: '<p><a href="https://shop.test/confirm?token=abc">Confirm your address</a><p><a href="https://shop.test/privacy">Privacy</a>' });
  const link = page.locator(".found-link a");
  assert.equal(await link.textContent(), "Confirm your address");
  assert.deepEqual(await link.evaluate((a) => [a.href, a.target, a.rel]), ["https://shop.test/confirm?token=abc", "_blank", "noopener noreferrer"]);
  assert.equal(await page.textContent(".found-link .quiet"), "shop.test");
  await page.click(".all-links summary");
  assert.equal(await page.locator(".found li:visible").count(), 2);
});

test("how one leaves the list is said, and nothing is sent", async () => {
  const asked = page.asked.length;
  await opened({ subject: "News", text: "Hi", headers: "List-Unsubscribe: <https://shop.test/u?x=1>,\n <mailto:u@shop.test>, <javascript:alert(1)>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" });
  assert.match(await page.textContent(".unsubscribe summary"), /List-Unsubscribe\s+one click/);
  await page.click(".unsubscribe summary");
  const links = await page.$$eval(".unsubscribe li a", (all) => all.map((a) => [a.href, a.target, a.rel]));
  assert.deepEqual(links, [["https://shop.test/u?x=1", "_blank", "noopener noreferrer"]], "only the web can be clicked");
  assert.match(await page.innerText(".unsubscribe"), /mailto:u@shop\.test[^]*RFC 8058/);
  assert.ok(page.asked.slice(asked).every((url) => url.startsWith(house.http)));
  await opened({ subject: "News", text: "Hi", headers: "List-Unsubscribe: <mailto:u@shop.test>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" });
  assert.doesNotMatch(await page.textContent(".unsubscribe summary"), /one click/);
});

test("code, link and mail are seen without a click in a window of 900 pixels", async () => {
  await fetch(`${house.http}/test-message`, { method: "POST", redirect: "manual" });
  for (const width of [1440, 1024, 390]) {
    const page = await open({ viewport: { width, height: 900 } });
    await page.goto(`${house.http}/message/latest`);
    assert.equal(await page.textContent(".found-code code"), "481516");
    const { y } = await page.locator("iframe.frame").boundingBox();
    assert.ok(y < 600, `${width}: the mail begins at ${y}`);
    await page.context().close();
  }
});

test("a link that could run is never clickable", async () => {
  await opened({ subject: "Run", html: '<a href="javascript:alert(1)">Verify your account</a> <a href="myapp://verify?token=abc">Verify in the app</a>' });
  assert.equal(await page.locator('.found a[href^="javascript"], .found a[href^="myapp"]').count(), 0);
});

test("a message with neither has no strip", async () => {
  await opened({ subject: "Plain", text: "Order 20260302 was shipped on 2 March 2026 for 12.50 EUR.\n" });
  assert.equal(await page.locator(".found").count(), 0);
});

test("tags come with the message and change while it is looked at", async () => {
  await opened({ subject: "Tagged", text: "x", headers: "X-Tags: signup, beta\n" });
  assert.deepEqual(await page.$$eval("#message .tags .tag .cut", (all) => all.map((tag) => tag.textContent)), ["beta", "signup"]);
  assert.deepEqual(await page.$$eval("#rows li:first-child .row-tags .tag", (all) => all.map((tag) => tag.textContent)), ["beta", "signup"]);
  const id = await page.getAttribute("#message", "data-id");
  await page.waitForSelector("#live.on");
  const answer = await fetch(`${house.http}/api/v1/tags`, { method: "PUT", body: JSON.stringify({ IDs: [id], Tags: ["done"] }) });
  assert.equal(answer.status, 200);
  await page.waitForFunction(() => document.querySelector("#message .tags .tag .cut").textContent === "done");
  assert.equal(await page.textContent("#rows li:first-child .row-tags"), "done");
});
