// Takes a picture of every page and state, at three widths, light and dark, into `target/pictures`, to be looked at:
// `node tests/browser/pictures.mjs [name …] [--width=1440] [--theme=dark]`. `./test pictures` builds first.
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { open, say, send, shut, sleep, start } from "./house.mjs";
import { many, post } from "./post.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { width: { type: "string", multiple: true, default: ["1440", "1024", "390"] }, theme: { type: "string", multiple: true, default: ["light", "dark"] } } });
const out = new URL("../../target/pictures/", import.meta.url).pathname;
await mkdir(out, { recursive: true });

const [empty, house, full] = [await start(), await start(), await start({ flags: ["--max-messages", "20000"] })];
const ids = {};
for (const [name, mail] of Object.entries(post)) ids[name] = (await send(house, mail)).split(" ").at(-1);
await say(house, "EHLO app.test", "MAIL FROM:<a@app.test>", "RCPT TO:<b@app.test>", "DATA", "Subject: cut off");
await say(house, "EHLO probe.test", "QUIT");
if (!positionals.length || positionals.some((name) => name.startsWith("full"))) for (let sent = 0; sent < 10_000; sent += 1000) await send(full, many(1000));

const key = (...keys) => async (page) => { for (const one of keys) { await page.keyboard.press(one); await sleep(120); } };
const message = (name, query = "") => `${house.http}/message/${ids[name]}${query}`;
const tabs = (name, ...all) => Object.fromEntries(all.map((tab) => [`message-${name}-${tab}`, [message(name, `?tab=${tab}`)]]));
/** A name, its address, and what is done there. */
const states = {
  "empty": [`${empty.http}/`],
  "setup": [`${house.http}/setup`],
  "connections": [`${house.http}/sessions`],
  "list": [`${house.http}/`],
  "list-dense": [`${house.http}/`, (page) => page.evaluate(() => document.documentElement.classList.add("dense"))],
  "list-picked": [`${house.http}/`, async (page) => { for (const at of [0, 2, 3]) await page.locator(".pick").nth(at).click(); }],
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
  ...tabs("reset", "html", "text", "headers", "parts", "source", "envelope", "findings"),
  ...tabs("invoice", "html", "parts"),
  ...tabs("newsletter", "html"),
  ...tabs("invite", "event"),
  ...tabs("bounce", "report"),
  ...tabs("forward", "text"),
  ...tabs("hostile", "html", "source", "findings"),
  ...tabs("long", "text"),
  ...tabs("rtl", "text"),
  ...tabs("bare", "text"),
  "thread": [`${house.http}/?thread=${ids.answer}`],
  "gone": [`${house.http}/message/0000000000000000000000`],
  "error": [`${house.http}/nowhere`],
  "lost": [`${empty.http}/`, async (page) => { await page.waitForSelector("#live.on"); await page.route("**/*", (route) => route.abort()); await page.evaluate(() => { const live = document.querySelector("#live"); live.className = "live lost"; live.textContent = "Server gone, retrying …"; }); }],
};

let wide = 0;
for (const [name, [address, act = () => {}, undo = () => {}]] of Object.entries(states)) {
  if (positionals.length && !positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}-`))) continue;
  for (const width of values.width) for (const colorScheme of values.theme) {
    const page = await open({ viewport: { width: +width, height: +width < 500 ? 844 : 900 }, colorScheme });
    await page.goto(address, { waitUntil: "load" });
    await sleep(150);
    await act(page);
    await sleep(150);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) { console.log(`${name} at ${width}: ${over} px too wide`); wide++; }
    for (const error of page.errors) if (!/status of (400|404)/.test(error)) console.log(`${name} at ${width}: ${error}`);
    await page.screenshot({ path: `${out}${name}-${width}-${colorScheme}.png` });
    await undo(page);
    await page.context().close();
  }
  console.log(name);
}
await shut();
for (const one of [empty, house, full]) await one.stop();
process.exit(wide ? 1 : 0);
