// What the browser tests stand on: the real binary (RESTANTE_BIN, else the debug build), mail over raw SMTP, Chromium.
import { spawn } from "node:child_process";
import { createConnection, createServer } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

const BINARY = process.env.RESTANTE_BIN ?? new URL("../../target/debug/restante", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts Restante on free ports. `http` fixes the port, for a restart in the same place. */
export async function start({ http = 0, flags = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "restante-"));
  const ready = join(folder, "ready.json");
  const child = spawn(BINARY, ["--smtp", "0", "--submission", "off", "--smtps", "off", "--http", `${http}`, "--ready-file", ready, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes) => { said += bytes; });
  child.stderr.on("data", (bytes) => { said += bytes; });
  const ended = once(child, "exit");
  let facts;
  for (let tries = 0; !facts; tries++) {
    if (child.exitCode !== null || tries > 400) throw new Error(`Restante did not start:\n${said}`);
    facts = await readFile(ready, "utf8").then(JSON.parse, () => undefined);
    if (!facts) await sleep(25);
  }
  return {
    http: facts.http.replace(/\/$/, ""),
    smtp: facts.smtp[0],
    said: () => said,
    async stop() {
      child.kill("SIGTERM");
      await Promise.race([ended, sleep(5000).then(() => child.kill("SIGKILL"))]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends one message, or several on one connection, and returns the last reply. */
export async function send({ smtp }, mails) {
  const socket = createConnection(smtp.port, smtp.host);
  let buffer = "", wake = () => {};
  socket.on("data", (bytes) => { buffer += bytes; wake(); });
  socket.on("error", (error) => { buffer += `599 ${error.message}\r\n`; wake(); });
  const reply = async () => {
    for (;;) {
      const match = buffer.match(/^(?:\d{3}-.*\r\n)*(\d{3}(?: .*)?)\r\n/);
      if (match) { buffer = buffer.slice(match[0].length); return match[1]; }
      await new Promise((resolve) => { wake = resolve; });
    }
  };
  const say = async (line, code) => {
    socket.write(`${line}\r\n`);
    const answer = await reply();
    if (!answer.startsWith(code)) throw new Error(`${line.slice(0, 80)}: ${answer}`);
    return answer;
  };
  await reply();
  await say("EHLO browser.test", "250");
  let last;
  for (const { from = "app@example.test", to = ["jane@example.test"], user, raw, ...mail } of [mails].flat()) {
    if (user) await say(`AUTH PLAIN ${Buffer.from(`\0${user}\0secret`).toString("base64")}`, "235");
    await say(`MAIL FROM:<${from}>`, "250");
    for (const one of [to].flat()) await say(`RCPT TO:<${one}>`, "250");
    await say("DATA", "354");
    last = await say(`${(raw ?? compose({ from, to, ...mail })).replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..")}\r\n.`, "250");
  }
  socket.end("QUIT\r\n");
  return last;
}

/** Says these lines, whatever is answered, and breaks the connection off; answers what the server said. */
export async function say({ smtp }, ...lines) {
  const socket = createConnection(smtp.port, smtp.host);
  let said = "";
  socket.on("data", (bytes) => { said += bytes; });
  socket.on("error", () => {});
  for (const line of lines) { await sleep(20); socket.write(`${line}\r\n`); }
  await sleep(50);
  socket.destroy();
  await sleep(50);
  return said;
}

/** A plain message, or with `html` a multipart/alternative. */
export function compose({ from, to, author = from, name = "App", named = to, subject = "Hello", text = "It works.", html, headers = "" }) {
  const head = `From: ${name} <${author}>\nTo: ${[named].flat().join(", ")}\nSubject: ${subject}\nDate: Mon, 2 Mar 2026 15:05:24 +0100\nMessage-ID: <${Math.random().toString(36).slice(2)}@example.test>\n${headers}MIME-Version: 1.0\n`;
  if (!html) return `${head}Content-Type: text/plain; charset=utf-8\n\n${text}\n`;
  return `${head}Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n${text}\n--b\nContent-Type: text/html; charset=utf-8\n\n${html}\n--b--\n`;
}

let browser;
/** A page of its own, which notes every request it makes and every error it has. */
export async function open(options = {}) {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.asked = [];
  page.errors = [];
  context.on("request", (request) => page.asked.push(request.url()));
  page.on("pageerror", (error) => page.errors.push(error.message));
  page.on("console", (line) => line.type() === "error" && page.errors.push(line.text()));
  return page;
}
export const shut = () => browser?.close();

/** A server that nobody should ever reach; it counts who did. */
export async function canary() {
  const hits = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => { hits.push(String(bytes).split("\r\n")[0]); socket.end("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"); });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, hits, close: () => server.close() };
}

/** Waits until `check` answers something true. */
export async function until(check, what = "it", timeout = 5000) {
  for (const end = Date.now() + timeout; Date.now() < end; await sleep(20)) {
    const value = await check();
    if (value) return value;
  }
  throw new Error(`${what} did not happen within ${timeout} ms`);
}
export { sleep };
