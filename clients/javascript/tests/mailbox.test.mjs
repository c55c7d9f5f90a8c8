// Mailboxes: names, addresses, what is there, and what is deleted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Restante } from "restante";
import { send, started } from "./start.mjs";

const restante = await started();

const HOSTILE = ["a b", "a/b", "../x", "a%2Fb", "%", "ann@app.test", "ünï 🎉", "a?b#c&d=e", "a+b", "a\\b", "'\"<>", "a\nb", ";", "x".repeat(255), "default "];

for (const name of HOSTILE) {
  test(`a mailbox named ${JSON.stringify(name.slice(0, 20))}`, async () => {
    const mailbox = restante.mailbox(name);
    // A login's name is sent whole in AUTH PLAIN, whatever is in it.
    await send(mailbox, { subject: `of ${name.length}` });
    const mail = await mailbox.wait({ subject: { equals: `of ${name.length}` } });
    assert.equal(mail.mailbox, name);
    assert.equal(decodeURIComponent(new URL(mailbox.smtp.url).username), name);
    assert.equal((await fetch(mailbox.httpUrl)).status, 200);
    assert.equal((await mailbox.messages()).length, 1);
    await mailbox.clear();
    assert.equal(await mailbox.latest(), null);
  });
}

test("names that cannot be", () => {
  for (const name of ["", ".", "..", "a\0b", "\ud800", undefined, 3]) {
    assert.throws(() => restante.mailbox(name), { name: "QuestionNotUnderstood" }, String(name));
  }
});

test("addresses, as an application is told them", () => {
  const { smtp, env, httpUrl } = restante.mailbox("worker 3/ü");
  const { port } = restante.smtp;
  assert.deepEqual(smtp, { host: "127.0.0.1", port, user: "worker 3/ü", password: "x", url: `smtp://worker%203%2F%C3%BC:x@127.0.0.1:${port}` });
  assert.deepEqual(env, { SMTP_HOST: "127.0.0.1", SMTP_PORT: String(port), SMTP_USER: "worker 3/ü", SMTP_PASSWORD: "x", SMTP_URL: smtp.url });
  assert.equal(httpUrl, `${restante.url}/mailbox/worker%203%2F%C3%BC/`);
  assert.equal(restante.smtp.url, `smtp://127.0.0.1:${port}`);
  assert.deepEqual(restante.doors.map(({ tls }) => tls), ["none", "starttls", "implicit"]);
});

test("fresh names are short, plain, and nobody else's", () => {
  const { name } = restante.freshMailbox("Größe: whoever signs up is welcomed, and more than that");
  assert.match(name, /^gro-e-whoever-signs-up-is-welcomed-and-m-[a-z0-9]{8}$/);
  assert.match(restante.freshMailbox("🎉").name, /^mailbox-[a-z0-9]{8}$/);
  assert.equal(new Set(Array.from({ length: 1000 }, () => restante.freshMailbox("x").name)).size, 1000);
});

test("what is there, the newest first", async () => {
  const mailbox = restante.freshMailbox();
  for (const subject of ["One", "Two", "Three"]) await send(mailbox, { subject });
  const subjects = async (...asked) => (await mailbox.messages(...asked)).map(({ subject }) => subject);
  assert.deepEqual(await subjects(), ["Three", "Two", "One"]);
  assert.deepEqual(await subjects("", { limit: 2 }), ["Three", "Two"]);
  assert.deepEqual(await subjects("subject:=One OR subject:=Two"), ["Two", "One"]);
  assert.equal((await mailbox.latest()).subject, "Three");
  assert.equal((await mailbox.latest("subject:t -three")).subject, "Two");
  assert.equal(await mailbox.latest("subject:nowhere"), null);
  const { id } = await mailbox.latest();
  assert.equal((await mailbox.message(id)).subject, "Three");
  assert.equal(await mailbox.message("nope"), null);
  assert.equal(await restante.freshMailbox().message(id), null);
  await assert.rejects(mailbox.messages("("), { name: "QuestionNotUnderstood", message: /bracket is never closed/ });
  await assert.rejects(mailbox.latest("("), { name: "QuestionNotUnderstood", message: /bracket is never closed/ });
});

test("more messages than are fetched at once keep their order", async () => {
  const mailbox = restante.freshMailbox();
  for (let row = 1; row <= 30; row++) await mailbox.deliver(`To: a@app.test\r\nSubject: ${row}\r\n\r\n`);
  assert.deepEqual((await mailbox.messages()).map(({ subject }) => Number(subject)), Array.from({ length: 30 }, (_, row) => 30 - row));
});

test("clearing empties this mailbox and no other", async () => {
  const [here, there] = [restante.freshMailbox("here"), restante.freshMailbox("there")];
  await Promise.all([send(here), send(there)]);
  await Promise.all([here.wait(), there.wait()]);
  await here.clear();
  assert.deepEqual(await here.messages(), []);
  assert.equal((await there.messages()).length, 1);
});

test("a message handed in by its source", async () => {
  const mailbox = restante.freshMailbox();
  const id = await mailbox.deliver("From: a@app.test\r\nTo: b@app.test\r\nSubject: =?utf-8?q?=C3=BC?=\r\n\r\nhi\r\n", { from: "c@app.test", to: ["d+1@app.test", "e@app.test"] });
  const mail = await mailbox.message(id);
  assert.deepEqual([mail.subject, mail.envelope.from, mail.envelope.to], ["ü", "c@app.test", ["d+1@app.test", "e@app.test"]]);
  const bytes = Buffer.from([...Buffer.from("To: b@app.test\r\n\r\n"), 0xff, 0xfe]);
  assert.deepEqual(await (await mailbox.message(await mailbox.deliver(bytes))).raw(), bytes);
  assert.deepEqual((await mailbox.message(await mailbox.deliver(bytes, { to: "x@app.test" }))).envelope.to, ["x@app.test"]);
  await assert.rejects(mailbox.deliver("Subject: x\r\n\r\n"), { name: "QuestionNotUnderstood", message: /names no recipient/ });
});

test("the root sees every mailbox, and mail without a login is in default", async () => {
  const alone = await Restante.start();
  try {
    const mailbox = alone.mailbox("one");
    await send(mailbox, { subject: "in one" });
    await send(alone, { subject: "of nobody" });
    assert.equal((await alone.wait({ mailbox: "one" })).subject, "in one");
    assert.equal((await alone.mailbox("default").wait()).subject, "of nobody");
    assert.equal((await alone.messages()).length, 2);
    assert.equal(alone.httpUrl, `${alone.url}/`);
    await assert.rejects(mailbox.wait({ mailbox: "two" }), { name: "QuestionNotUnderstood", message: /the address asks mailbox "one"/ });
    await alone.clear();
    assert.deepEqual(await alone.messages(), []);
  } finally {
    await alone.close();
  }
});
