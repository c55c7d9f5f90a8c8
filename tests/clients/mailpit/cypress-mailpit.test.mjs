// cypress-mailpit's own command functions, every one of them, over real HTTP.
//
// Cypress itself is not there: it is a browser that is downloaded. In its place stand a `Cypress` that registers commands
// and a `cy` whose chains are promises and whose `request` does what Cypress's does (JSON in and out, query strings,
// Basic logins, redirects, failing on any status of 400 or more). What is tested is what the package asks for and what it makes of the answers;
// not Cypress's queue, retries and assertions.

import assert from "node:assert/strict";
import { register } from "node:module";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { GIF, start } from "./server.mjs";

// The package is made for a bundler: its import has no ending, and its type is not said.
register(`data:text/javascript,${encodeURIComponent(`
  export const resolve = (name, context, next) =>
    next(/cypress-mailpit[/]dist/.test(context.parentURL ?? "") ? name + ".js" : name, context);
  export const load = (url, context, next) => next(url, /cypress-mailpit[/]dist/.test(url) ? { ...context, format: "module" } : context);
`)}`);

let server;
const commands = {};
const used = new Set();
const run = async (name, ...args) => {
  used.add(name);
  return commands[name](...args);
};
let login = {};

before(async () => {
  server = await start();
  globalThis.Cypress = {
    Commands: { add: (name, _, command) => (commands[name] = command) },
    config: () => 4000,
    expose: (name) => (name === "MAILPIT_URL" ? server.http : undefined),
  };
  globalThis.cy = {
    env: async () => login,
    wrap: async (value) => value,
    wait: (time) => sleep(time),
    async request({ method, url, qs, body, auth }) {
      const address = new URL(url);
      for (const [name, value] of Object.entries(qs ?? {})) address.searchParams.set(name, value);
      const headers = body === undefined ? {} : { "Content-Type": "application/json" };
      if (auth) headers.Authorization = `Basic ${btoa(`${auth.user}:${auth.pass}`)}`;
      const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`cy.request: ${answer.status} ${text}`);
      const isJson = answer.headers.get("content-type")?.includes("json");
      return { status: answer.status, body: isJson ? JSON.parse(text) : text };
    },
  };
  await import("./node_modules/cypress-mailpit/dist/index.js");
});
beforeEach(() => run("mailpitDeleteAllEmails"));
after(() => server.stop());

test("a mail with the package's own defaults, and all that is read of it", async () => {
  const { ID } = await run("mailpitSendMail", {});
  const mail = await run("mailpitGetMail");
  assert.equal(mail.ID, ID);
  assert.equal(await run("mailpitGetSubject", mail), "Hello Mailpit");
  assert.equal(await run("mailpitGetFromAddress", mail), "from@example.com");
  assert.deepEqual(await run("mailpitGetRecipientAddress", mail), ["jane@example.com"]);
  assert.equal((await run("mailpitGetMailTextBody", mail)).trim(), "hello from mailpit");
  assert.match(await run("mailpitGetMailHTMlBody", mail), /<p>hello from mailpit<\/p>/);
  assert.deepEqual(await run("mailpitGetAttachments", mail), []);
  assert.deepEqual([mail.Cc[0].Address, mail.Bcc[0].Address, mail.ReplyTo[0].Address], ["cc@example.com", "bcc@example.com", "replyto@example.com"]);
  for (const name of ["mailpitGetMailSpamAssassinSummary", "mailpitGetMailSpamAssainSummary"]) {
    await assert.rejects(run(name, mail), /404/, "as with a Mailpit without SpamAssassin");
  }
});

test("a mail of one's own", async () => {
  const attachments = [{ Content: GIF.toString("base64"), Filename: "dot.gif", ContentType: "image/gif" }];
  await run("mailpitSendMail", { subject: "Mine", attachments, tags: ["t"], headers: { "X-A": "1" }, bcc: [], cc: [], replyTo: [] });
  const mail = await run("mailpitGetMail", "latest");
  assert.deepEqual(await run("mailpitGetAttachments", mail), ["dot.gif"]);
  assert.deepEqual([mail.Tags, mail.Cc, mail.Bcc], [["t"], [], []]);
});

test("lists, searches, and whether there is one", async () => {
  for (const subject of ["First", "Second"]) await run("mailpitSendMail", { subject, to: [{ Email: `${subject}@app.test` }] });
  assert.equal((await run("mailpitGetAllMails", 0, 1)).messages.length, 1);
  assert.equal((await run("mailpitGetAllMails")).messages_count, 2);
  assert.equal((await run("mailpitSearchEmails", "subject:Second")).messages_count, 1);
  assert.equal((await run("mailpitGetEmailsBySubject", "First")).messages[0].Subject, "First");
  assert.equal((await run("mailpitGetEmailsByTo", "second@app.test")).messages_count, 1);
  const soon = { timeout: 150, interval: 50 };
  for (const [command, there, not] of [
    ["HasEmailsBySearch", "subject:First", "subject:nowhere"],
    ["HasEmailsBySubject", "First", "nowhere"],
    ["HasEmailsByTo", "first@app.test", "nobody@app.test"],
  ]) {
    assert.equal((await run(`mailpit${command}`, there)).messages_count, 1, command);
    assert.equal((await run(`mailpitNot${command}`, not)).messages_count, 0, command);
    await assert.rejects(run(`mailpit${command}`, not, 0, 50, soon), /Timed out/, command);
    await assert.rejects(run(`mailpitNot${command}`, there, 0, 50, soon), /Timed out/, command);
  }
  const held = run("mailpitHasEmailsBySubject", "Third");
  await run("mailpitSendMail", { subject: "Third" });
  assert.equal((await held).messages[0].Subject, "Third");
  await run("mailpitDeleteEmailsBySearch", "subject:Third");
  assert.equal((await run("mailpitGetAllMails")).messages_count, 2);
});

test("marks, of some and of all", async () => {
  for (const subject of ["one", "two", "three"]) await run("mailpitSendMail", { subject });
  const unread = async () => (await run("mailpitGetAllMails")).unread;
  const rows = (await run("mailpitGetAllMails")).messages;
  assert.equal(await run("mailpitSetStatusAsRead", rows[0]), "ok");
  assert.equal(await unread(), 2);
  assert.equal(await run("mailpitSetStatusAsUnRead", rows.slice(0, 1)), "ok");
  assert.equal(await unread(), 3);
  // Sent as an empty list of ids.
  assert.equal(await run("mailpitSetAllEmailStatusAsRead"), "ok");
  assert.equal(await unread(), 0);
  assert.equal(await run("mailpitSetAllEmailStatusAsUnRead"), "ok");
  assert.equal(await unread(), 3);
});

test("a login is the mailbox", async () => {
  login = { MAILPIT_USERNAME: "cypress", MAILPIT_PASSWORD: "any" };
  await run("mailpitSendMail", { subject: "theirs" });
  login = {};
  assert.equal((await run("mailpitGetMail")).Username, "cypress");
  assert.equal((await run("mailpitSearchEmails", "mailbox:cypress")).messages_count, 1);
});

test("no command is left out", () => {
  assert.equal(Object.keys(commands).length, 26);
  assert.deepEqual(Object.keys(commands).filter((name) => !used.has(name)), []);
});
