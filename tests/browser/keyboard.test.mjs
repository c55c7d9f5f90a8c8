import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { open, send, shut, start, until } from "./house.mjs";

let house, page;
before(async () => {
  house = await start();
  await send(house, ["one", "two", "three", "four"].map((subject) => ({ subject, html: "<p>Hi</p>" })));
  page = await open();
  await page.goto(`${house.http}/`);
  await page.waitForSelector("#live.on");
});
after(async () => { await shut(); await house.stop(); });
const press = (key) => page.keyboard.press(key);
const shown = (subject) => page.waitForFunction((wanted) => document.querySelector("#subject")?.textContent.trim() === wanted, subject);

test("j and k step, n and p go to the unread, numbers choose the tab, Esc closes", async () => {
  await press("j"); await shown("four");
  await press("j"); await shown("three");
  await press("k"); await shown("four");
  await page.waitForSelector(".row.open:not(.unread)");
  await press("j"); await shown("three");
  await page.waitForSelector(".row.open:not(.unread)");
  await press("k"); await shown("four");
  await press("n"); await shown("two");
  await press("5"); await page.waitForSelector("#message[data-tab=source]");
  await press("1"); await page.waitForSelector("#message[data-tab=html]");
  await press("Escape"); await page.waitForSelector("#message.plain");
  assert.equal(page.url(), `${house.http}/`);
});

test("u marks, x selects, # deletes, / searches, ? explains", async () => {
  await press("j");
  await until(() => page.$(".row.open"), "a row");
  await page.waitForSelector(".row.open:not(.unread)");
  await press("u"); await page.waitForSelector(".row.open.unread");
  await press("u"); await page.waitForSelector(".row.open:not(.unread)");
  await press("x"); assert.equal(await page.textContent("#picked"), "1 selected");
  const picked = await page.locator(".pick :checked").count();
  await page.evaluate(() => { document.querySelector("#bulk details.menu").open = true; }); await press("Escape");
  assert.equal(await page.locator(".menu[open]").count(), 0, "the menu goes first");
  assert.equal(await page.locator(".pick :checked").count(), picked, "and alone");
  await press("Escape"); assert.equal(await page.locator(".pick :checked").count(), 0);
  const before = await page.locator("#rows .row").count();
  await press("#");
  await until(async () => (await page.locator("#rows .row").count()) === before - 1, "the deletion");
  await press("z");
  await until(async () => (await page.locator("#rows .row").count()) === before, "its undoing");
  await press("/");
  assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  await press("Escape");
  await press("?");
  const help = await page.innerText("#help");
  for (const words of ["Next message", "Delete", "Search", "Select"]) assert.match(help, new RegExp(words));
  await press("Escape");
  assert.equal(await page.locator("#help[open]").count(), 0);
  assert.deepEqual(page.errors, []);
});

test("everything can be reached by Tab, and shows that it is", async () => {
  await page.goto(`${house.http}/`);
  const seen = new Set();
  for (let n = 0; n < 60; n++) {
    await press("Tab");
    const at = await page.evaluate(() => { const element = document.activeElement, style = getComputedStyle(element); return { what: element.name || element.className || element.tagName, ring: style.outlineStyle !== "none" || style.opacity !== "0" && element.matches("input") }; });
    seen.add(at.what);
    if (/desk-page/.test(at.what)) continue; // the round is over
    assert.ok(at.ring, `${at.what} shows its focus`);
  }
  for (const wanted of ["skip", "brand", "q", "row-link", "id"]) assert.ok(seen.has(wanted), `${wanted} in ${[...seen]}`);
});
