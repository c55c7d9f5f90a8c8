// Serves `target/pages` (made by `cargo run --example pages`) and takes a picture of each page at three widths, light
// and dark, into `target/shots`. `node look.mjs [name …] [--width=1440] [--theme=dark]` takes only these.
import { createServer } from "node:http";
import { readFile, mkdir, readdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const root = new URL("../../", import.meta.url).pathname;
const types = { css: "text/css", js: "text/javascript", svg: "image/svg+xml", html: "text/html; charset=utf-8" };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'";
const mail = `<!doctype html><body style="margin:0;background:#f6f7f9;font-family:Helvetica,Arial,sans-serif;color:#223"><table width="100%"><tr><td align="center" style="padding:32px 12px"><table width="100%" style="max-width:520px;background:#fff;border-radius:8px"><tr><td style="padding:32px"><div style="font-size:22px;font-weight:bold;color:#0a6">acme</div><h1 style="font-size:20px">Invoice 2026-0217</h1><p>Hello Jane,</p><p>thank you for your business. Your invoice over <b>1.284,50 €</b> is attached as a PDF.</p><p><a href="https://acme.test" style="display:inline-block;background:#0a6;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none">See the invoice</a></p><p style="color:#889;font-size:13px">Acme GmbH, Poststraße 1, 10178 Berlin</p></td></tr></table></td></tr></table>`;

const server = createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  const send = (type, body) => response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
  try {
    if (path.startsWith("/static/")) send(types[path.split(".").pop()], await readFile(root + path.slice(1)));
    else if (path.startsWith("/message/")) response.writeHead(200, { "content-type": types.html, "content-security-policy": "sandbox" }).end(mail);
    else if (path.includes("/part/")) send(types.svg, await readFile(root + "static/icon.svg"));
    else if (path === "/live") response.writeHead(200, { "content-type": "text/event-stream" }).write("retry: 1000\n\n");
    else send(types.html, await readFile(`${root}target/pages${path}.html`));
  } catch { response.writeHead(404).end(); }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}`;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { width: { type: "string", multiple: true, default: ["1440", "1024", "390"] }, theme: { type: "string", multiple: true, default: ["light", "dark"] } } });
const names = positionals.length ? positionals : (await readdir(root + "target/pages")).map((file) => file.replace(".html", ""));
await mkdir(root + "target/shots", { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
for (const width of values.width) {
  for (const colorScheme of values.theme) {
    const page = await browser.newPage({ viewport: { width: +width, height: +width < 500 ? 844 : 900 }, colorScheme });
    page.on("console", (line) => line.type() === "error" && console.log(width, line.text()));
    page.on("pageerror", (error) => console.log(width, error.message));
    for (const name of names) {
      await page.goto(`${address}/${name}`, { waitUntil: "load" });
      await page.waitForTimeout(120);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) console.log(`${name} at ${width}: ${wide} px too wide`);
      await page.screenshot({ path: `${root}target/shots/${name}-${width}-${colorScheme}.png` });
    }
    await page.close();
  }
}
await browser.close();
server.closeAllConnections();
server.close();
