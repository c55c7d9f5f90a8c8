// What a message tells, as it was sent.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { send, started } from "./start.mjs";

const restante = await started();
const PDF = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 1, 13, 10, 255, 254]);
const DOT = Buffer.from("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b", "hex");

test("everything of a message has its name", async () => {
  const mailbox = restante.freshMailbox("Everything");
  const before = Date.now();
  await send(mailbox, {
    from: '"Der Läden" <shop@app.test>',
    to: ["ann+beta@app.test", '"Bob" <bob@app.test>'],
    cc: "carl@app.test",
    bcc: "eve@app.test",
    replyTo: "help@app.test",
    subject: "Grüße, 你好 🎉",
    text: "Your code is 481 516.\nConfirm: https://app.test/verify?token=a%20b",
    html: '<p>Your code is <b>481 516</b>. <a href="https://app.test/verify?token=a%20b">Confirm email</a> <img src="cid:dot"></p>',
    date: new Date("2024-02-29T12:00:00Z"),
    headers: { "X-Kind": ["welcome", "second"] },
    attachments: [
      { filename: "Rechnung März.pdf", content: PDF, contentType: "application/pdf" },
      { filename: "dot.gif", content: DOT, cid: "dot" },
    ],
  });
  const mail = await mailbox.wait();
  assert.equal(mail.subject, "Grüße, 你好 🎉");
  assert.deepEqual(mail.from, { name: "Der Läden", address: "shop@app.test" });
  assert.deepEqual(mail.to, [{ name: "", address: "ann+beta@app.test" }, { name: "Bob", address: "bob@app.test" }]);
  assert.deepEqual(mail.cc, [{ name: "", address: "carl@app.test" }]);
  assert.deepEqual(mail.bcc, []);
  assert.deepEqual(mail.replyTo, [{ name: "", address: "help@app.test" }]);
  assert.equal(mail.date.toISOString(), "2024-02-29T12:00:00.000Z");
  assert.ok(mail.created.getTime() >= before - 1 && mail.created.getTime() <= Date.now() + 1);
  assert.match(mail.text, /^Your code is 481 516\.\r\nConfirm/);
  assert.match(mail.html, /<b>481 516<\/b>/);
  assert.equal(mail.code, "481516");
  assert.equal(mail.codes[0].shown, "481 516");
  assert.equal(mail.link, "https://app.test/verify?token=a%20b");
  assert.deepEqual(mail.links.map(({ url, text, purpose }) => [url, text, purpose]), [[mail.link, "Confirm email", "verify"]]);
  assert.equal(mail.envelope.from, "shop@app.test");
  assert.deepEqual(mail.envelope.to, ["ann+beta@app.test", "bob@app.test", "carl@app.test", "eve@app.test"]);
  assert.equal(mail.envelope.user, mailbox.name);
  assert.equal(mail.envelope.tls, false);
  assert.deepEqual(mail.tags, ["beta"]);
  assert.deepEqual(mail.findings, []);
  assert.equal(mail.refusable, false);
  assert.equal(mail.mailbox, mailbox.name);
  assert.equal(mail.read, false);
  assert.match(mail.messageId, /@app\.test$/);
  assert.equal(mail.json.Username, mailbox.name);
  assert.equal(mail.cursor, mail.json.Cursor);

  const [attachment] = mail.attachments;
  assert.equal(mail.attachments.length, 1);
  assert.deepEqual([attachment.name, attachment.type, attachment.size], ["Rechnung März.pdf", "application/pdf", PDF.length]);
  assert.deepEqual(await attachment.bytes(), PDF);
  assert.equal(attachment.sha256, createHash("sha256").update(PDF).digest("hex"));
  assert.equal(attachment.sha1, createHash("sha1").update(PDF).digest("hex"));
  assert.equal(attachment.md5, createHash("md5").update(PDF).digest("hex"));
  const [inline] = mail.inline;
  assert.deepEqual([inline.name, inline.type, inline.contentId], ["dot.gif", "image/gif", "dot"]);
  assert.deepEqual(await inline.bytes(), DOT);

  assert.equal(await mail.header("x-KIND"), "welcome");
  assert.equal(await mail.header("subject"), mail.subject);
  assert.notEqual((await mail.headers()).Subject[0], mail.subject, "as sent, it has encoded words");
  assert.deepEqual((await mail.headers())["X-Kind"], ["welcome", "second"]);
  assert.equal(await mail.header("X-None"), null);
  const raw = await mail.raw();
  assert.equal(raw.length, mail.size);
  assert.equal(await mail.source(), raw.toString());
  assert.match(await mail.source(), /\r\n\r\n/);
});

test("what is not there is null or empty", async () => {
  const mailbox = restante.freshMailbox();
  await mailbox.deliver("To: ann@app.test\r\n\r\nhello\r\n");
  const mail = await mailbox.wait();
  assert.deepEqual([mail.subject, mail.html, mail.code, mail.link], ["", "", null, null]);
  assert.deepEqual([mail.codes, mail.links, mail.attachments, mail.inline, mail.tags], [[], [], [], [], []]);
  assert.ok(mail.findings.some(({ id, sentence }) => id === "no-message-id" && sentence.length > 0), JSON.stringify(mail.findings));
  assert.equal(mail.date.getTime(), mail.created.getTime());
});

test("a message does not change", async () => {
  const mailbox = restante.freshMailbox();
  await send(mailbox);
  const mail = await mailbox.wait();
  assert.throws(() => (mail.subject = "other"), TypeError);
  assert.throws(() => mail.to.push({}), TypeError);
  assert.throws(() => (mail.to[0].address = "x"), TypeError);
  await mailbox.clear();
  assert.equal(mail.subject, "Welcome");
  await assert.rejects(mail.raw(), { name: "RestanteError", message: /answered by 404: Message not found/ });
});

test("two of the same message are equal to a test", async () => {
  const mailbox = restante.freshMailbox();
  await send(mailbox, { attachments: [{ filename: "a.txt", content: "a" }] });
  await mailbox.wait();
  assert.deepEqual(await mailbox.latest(), await mailbox.latest());
});
