// Takes a picture of every page and state, at three widths, light and dark, into `target/pictures`, to be looked at:
// `node tests/browser/pictures.mjs [name …] [--width=1440] [--theme=dark]`. `./test pictures` builds first.
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { open, say, send, shut, sleep, start } from "./house.mjs";
import { crowd, lifelike, many, post } from "./post.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { width: { type: "string", multiple: true, default: ["1440", "1024", "390"] }, theme: { type: "string", multiple: true, default: ["light", "dark"] } } });
const out = new URL("../../target/pictures/", import.meta.url).pathname;
await mkdir(out, { recursive: true });

const [empty, house, full, single, crowded, shop] = [await start(), await start(), await start({ flags: ["--max-messages", "20000"] }), await start(), await start(), await start()];
let going = await start();
const ids = {}, shopIds = {};
for (const [name, mail] of Object.entries(post)) ids[name] = (await send(house, mail)).split(" ").at(-1);
for (const name of Object.keys(lifelike)) shopIds[name] = (await send(shop, post[name])).split(" ").at(-1);
await send(single, post.invoice);
await send(crowded, crowd(40));
const put = (path, body) => fetch(`${shop.http}/api/v1/${path}`, { method: "PUT", body: JSON.stringify(body) });
await put("messages", { IDs: ["invite", "cron", "newsletter", "bounce", "question", "invoice"].map((name) => shopIds[name]), Read: true });
await put("tags", { IDs: [shopIds.invoice], Tags: ["invoices"] });
await fetch(`${shop.http}/keep`, { method: "POST", body: new URLSearchParams({ id: shopIds.invoice, keep: 1 }), redirect: "manual" });
await say(house, "EHLO app.test", "MAIL FROM:<a@app.test>", "RCPT TO:<b@app.test>", "DATA", "Subject: cut off");
await say(house, "EHLO probe.test", "QUIT");
if (!positionals.length || positionals.some((name) => name.startsWith("full"))) for (let sent = 0; sent < 10_000; sent += 1000) await send(full, many(1000));

const key = (...keys) => async (page) => { for (const one of keys) { await page.keyboard.press(one); await sleep(120); } };
const message = (name, query = "") => `${house.http}/message/${ids[name]}${query}`;
const tabs = (name, ...all) => Object.fromEntries(all.map((tab) => [`message-${name}-${tab}`, [message(name, `?tab=${tab}`)]]));
const click = (...selectors) => async (page) => { for (const one of selectors) { await page.click(one); await sleep(200); } };
/** As if the mail had come over some days. */
const aged = (page) => page.evaluate(([ids, ages]) => {
  for (const [name, age] of Object.entries(ages)) for (const time of document.querySelectorAll(`.row[data-id="${ids[name]}"] time`)) time.dateTime = new Date(Date.now() - age * 1000).toISOString();
  document.dispatchEvent(new Event("visibilitychange"));
}, [shopIds, lifelike]);
/** A name, its address, what is done there, and what undoes it. */
const states = {
  "empty": [`${empty.http}/`],
  "one": [`${single.http}/`],
  "crowded": [`${crowded.http}/`, async (page) => { if (!await page.locator("#side").isVisible()) await page.click("[data-do=side]"); }],
  "setup": [`${house.http}/setup`],
  "setup-django": [`${house.http}/setup`, click(".snippets label >> text=Django")],
  "api": [`${house.http}/api/`],
  "api-wait": [`${house.http}/api/#wait`],
  "api-send": [`${house.http}/api/#sendMessage`],
  "api-shape": [`${house.http}/api/#shape-Message`],
  "connection": [`${house.http}/sessions?number=1`],
  "connections": [`${house.http}/sessions`],
  "list": [`${house.http}/`],
  "list-dense": [`${house.http}/`, (page) => page.evaluate(() => document.documentElement.classList.add("dense"))],
  "list-picked": [`${house.http}/`, async (page) => { for (const at of [0, 2, 3]) await page.locator(".pick").nth(at).click(); }],
  "list-tag": [`${house.http}/`, click("#rows .pick input >> nth=0", "#bulk .tag-menu summary")],
  "list-view": [`${house.http}/`, click(".view summary")],
  "list-side": [`${house.http}/`, async (page) => { if (!await page.locator("#side").isVisible()) await page.click("[data-do=side]"); }],
  "list-mailbox": [`${house.http}/mailbox/worker-3/`],
  "list-sessions": [`${house.http}/?sessions=1`],
  "full": [`${full.http}/`],
  "search": [`${house.http}/?q=acme+-subject%3Ainvoice`],
  "search-typing": [`${house.http}/`, async (page) => { await page.click(".search input"); await page.keyboard.type("invoice is:", { delay: 20 }); await sleep(500); }],
  "search-nothing": [`${house.http}/?q=subject%3A%22no+such+thing%22`],
  "search-wrong": [`${house.http}/?q=larger%3Amuch`],
  "deleted": [message("cron"), async (page) => { await page.waitForSelector("#live.on"); await page.keyboard.press("#"); await sleep(600); }, (page) => key("z")(page)],
  "help": [`${house.http}/`, key("?")],
  "palette": [`${house.http}/`, key("Control+k")],
  "message-kept": [message("invoice"), click("#message [data-act=keep] button"), click("#message [data-act=keep] button")],
  "message-tag": [message("invoice"), click("#message .tag-add summary")],
  "message-links": [message("newsletter"), click(".unsubscribe summary")],
  "message-tracking": [message("newsletter", "?tab=html"), click("#remote summary")],
  "message-375": [message("reset", "?tab=html&width=375")],
  "message-dark": [message("reset", "?tab=html&scheme=dark")],
  "message-inverted": [message("reset", "?tab=html&scheme=forced")],
  "message-part-text": [message("invoice", "?tab=parts&part=1.1#open-part")],
  "message-part-pdf": [message("invoice", "?tab=parts"), click(".file-open >> text=invoice-2026")],
  "message-part-image": [message("invoice", "?tab=parts"), click(".file-open >> text=stamp")],
  "message-nested": [message("forward"), click(".within a")],
  "message-astray": [message("astray")],
  ...tabs("reset", "html", "text", "headers", "parts", "source", "envelope"),
  ...tabs("invoice", "html", "parts"),
  ...tabs("newsletter", "html"),
  ...tabs("invite", "event"),
  ...tabs("bounce", "report"),
  ...tabs("forward", "text"),
  ...tabs("hostile", "html", "source", "findings"),
  ...tabs("long", "text"),
  ...tabs("rtl", "text"),
  ...tabs("bare", "text", "findings"),
  "thread": [`${house.http}/?thread=${ids.answer}`],
  "thread-astray": [`${house.http}/?thread=${ids.astray}`],
  "gone": [`${house.http}/message/0000000000000000000000`],
  "error": [`${house.http}/nowhere`],
  "lost": [() => `${going.http}/`, async (page) => { await page.waitForSelector("#live.on"); await going.stop(); await page.waitForSelector("#live.lost"); }, async () => { going = await start(); }],
  "readme-list": [`${shop.http}/message/${shopIds.reset}`, aged],
  "readme-message": [`${shop.http}/message/${shopIds.newsletter}?tab=html&scheme=dark`, aged],
  "readme-phone": [`${shop.http}/`, aged],
};

let wide = 0;
for (const [name, [address, act = () => {}, undo = () => {}]] of Object.entries(states)) {
  if (positionals.length && !positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}-`))) continue;
  for (const width of values.width) for (const theme of values.theme) {
    const page = await open({ viewport: { width: +width, height: +width < 500 ? 844 : 900 }, colorScheme: null });
    // By the button: what Playwright feigns of the system reaches the mail, too, whose light is its own.
    await page.addInitScript((name) => { if (window === top) localStorage.setItem("theme", name); }, theme);
    await page.goto(typeof address === "function" ? address() : address, { waitUntil: "load" });
    await sleep(150);
    await act(page);
    await sleep(150);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) { console.log(`${name} at ${width}: ${over} px too wide`); wide++; }
    for (const error of page.errors) if (!/status of (400|404)|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(error)) console.log(`${name} at ${width}: ${error}`);
    await page.screenshot({ path: `${out}${name}-${width}-${theme}.png` });
    await undo(page);
    await page.context().close();
  }
  console.log(name);
}
await shut();
for (const one of [empty, house, full, single, crowded, shop, going]) await one.stop();
process.exit(wide ? 1 : 0);
