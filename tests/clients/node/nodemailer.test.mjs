// nodemailer with its default settings: plain; STARTTLS and TLS verified against the saved CA; logged in; a pool.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import nodemailer from "nodemailer";

const binary = resolve(process.env.RESTANTE_BIN ?? "../../../target/debug/restante");
const folder = mkdtempSync(join(tmpdir(), "restante-"));
let child, ready;

before(async () => {
  const file = join(folder, "ready.json");
  const doors = ["--smtp", "0", "--submission", "0", "--smtps", "0", "--http", "0"];
  child = spawn(binary, [...doors, "--tls-dir", join(folder, "tls"), "--ready-file", file], { stdio: "ignore" });
  for (let tries = 0; !existsSync(file); tries++) {
    assert.ok(tries < 3000 && child.exitCode === null, "restante is not ready");
    await sleep(10);
  }
  ready = JSON.parse(readFileSync(file, "utf8"));
});

after(() => {
  child.kill();
  rmSync(folder, { recursive: true });
});

const port = (tls) => ready.smtp.find((door) => door.tls === tls).port;
const letter = (subject) => ({
  from: '"Änne" <ann@app.test>',
  to: "bob@app.test",
  subject,
  text: "Grüße\n.\n..dots",
  html: '<p>Grüße <img src="cid:logo"></p>',
  attachments: [{ filename: "logo.png", content: Buffer.from("89504e470d0a1a0a", "hex"), cid: "logo" }],
});

async function arrived(subject, mailbox = "default") {
  const query = new URLSearchParams({ query: `subject:"${subject}"`, timeout: "10s" });
  const answer = await fetch(`${ready.http}/mailbox/${encodeURIComponent(mailbox)}/api/v1/wait?${query}`);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

test("plain, with the defaults", async () => {
  await nodemailer.createTransport({ host: "localhost", port: port("none") }).sendMail(letter("node plain"));
  const message = await arrived("node plain");
  assert.equal(message.From.Name, "Änne");
  assert.equal(message.Inline[0].ContentID, "logo");
});

test("plain, logged in", async () => {
  const auth = { user: "node worker/1", pass: "anything" };
  await nodemailer.createTransport({ host: "localhost", port: port("none"), auth }).sendMail(letter("node login"));
  await arrived("node login", auth.user);
});

test("STARTTLS, verified", async () => {
  const tls = { ca: readFileSync(ready.ca) };
  const transport = nodemailer.createTransport({ host: "localhost", port: port("starttls"), requireTLS: true, tls });
  await transport.sendMail(letter("node starttls"));
  assert.equal((await arrived("node starttls")).Envelope.TLS.Version, "TLSv1.3");
});

test("TLS from the first byte, verified, with a token", async () => {
  const tls = { ca: readFileSync(ready.ca) };
  const auth = { type: "OAuth2", user: "node-token", accessToken: "x".repeat(4000) };
  const transport = nodemailer.createTransport({ host: "localhost", port: port("implicit"), secure: true, tls, auth });
  await transport.sendMail(letter("node tls"));
  assert.equal((await arrived("node tls", "node-token")).Envelope.Auth.Mechanism, "XOAUTH2");
});

test("a pool of connections loses nothing", async () => {
  const transport = nodemailer.createTransport({ host: "localhost", port: port("none"), pool: true, maxConnections: 5 });
  await Promise.all(Array.from({ length: 100 }, (_, at) => transport.sendMail(letter(`node pool ${at}.`))));
  transport.close();
  const found = await (await fetch(`${ready.http}/api/v1/search?query=${encodeURIComponent('subject:"node pool"')}&limit=200`)).json();
  assert.equal(found.messages_count, 100);
});
