// What can be asked, and what comes of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WaitFailed } from "restante";
import { send, started } from "./start.mjs";

const restante = await started();
const SOON = "30ms";

async function order() {
  const mailbox = restante.freshMailbox("order");
  await send(mailbox, {
    from: "billing@shop.test",
    to: "ann+beta@app.test",
    cc: "carl@app.test",
    bcc: "eve@app.test",
    replyTo: "help@shop.test",
    subject: "Your Order #42",
    text: "first line\nIt leaves tomorrow.",
    headers: { "X-Kind": "order" },
    messageId: "<order-42@shop.test>",
    attachments: [{ filename: "a.pdf", content: "PDF", contentType: "application/pdf" }],
  });
  return mailbox;
}

const mailbox = await order();

for (const clauses of [
  {},
  { from: "billing@shop.test", to: ["ann+beta@app.test", "@app.test"], cc: "carl", replyTo: "help@shop.test" },
  { bcc: "eve@app.test", envelope: "eve@app.test" },
  { subject: "your order" },
  { subject: ["your", "order"] },
  { subject: { contains: "ORDER" } },
  { subject: { equals: "Your Order #42" } },
  { subject: { regex: "order #\\d+" } },
  { subject: { regex: /Order #\d+/ } },
  { subject: /^Your Order #\d+$/ },
  { subject: /your order #(?<number>\d+)/i },
  { subject: [/your/i, /order/i] },
  { body: "tomorrow" },
  { body: /line.*It/s },
  { body: /^It leaves/m },
  // The lines of a mail end in CRLF.
  { body: /^first line$/m },
  { body: /^first .*$\s+^It .*\.$/m },
  { body: /leaves\/?\s[a-z\-#]+\./ },
  { body: /^FIRST.*TOMORROW\.\s*$/is },
  { subject: /Order/g },
  { subject: /Order/u },
  { messageId: "order-42@shop.test" },
  { header: { "X-Kind": "order" } },
  { header: { "X-Kind": /^order$/, "Subject": true } },
  { tag: "beta" },
  { attachment: true },
  { attachment: "a.pdf" },
  { attachment: /\.pdf$/ },
  { attachment: { name: /^a\./, type: "pdf" } },
  { attachment: ["a.pdf", { type: { equals: "application/pdf" } }] },
  { size: { larger: 10, smaller: "1MB" } },
  { findings: false },
  { refusable: false },
  { query: "subject:order (is:unread OR has:inline)" },
  { since: "2024-01-01" },
  { since: new Date(0) },
  { timeout: 5_000 },
  { timeout: undefined, since: undefined },
]) {
  test(`finds ${shown(clauses)}`, async () => {
    assert.equal((await mailbox.wait({ timeout: SOON, ...clauses })).subject, "Your Order #42");
  });
}

for (const clauses of [
  { to: "beta@app.test" },
  { subject: { equals: "your order #42" } },
  { subject: /your order/ },
  { subject: { regex: /your order/ } },
  { subject: /^Order/ },
  { body: /line.*It/ },
  { body: /^It leaves/ },
  { body: /^FIRST/ms },
  { header: { "X-Kind": /ORDER/ } },
  { header: { "X-Other": true } },
  { attachment: false },
  { attachment: /\.PDF$/ },
  { attachment: { name: "a.pdf", type: "image" } },
  { size: { larger: "1MB" } },
  { findings: true },
  { refusable: true },
  { tag: ["beta", "gamma"] },
  { since: "now" },
  { since: new Date("2100-01-01") },
]) {
  test(`does not find ${shown(clauses)}`, async () => {
    await assert.rejects(mailbox.wait({ ...clauses, timeout: SOON }), WaitFailed);
  });
}

function shown(clauses) {
  return JSON.stringify(clauses, (_, value) => (value instanceof RegExp ? String(value) : value));
}

test("a wait is answered by what comes later", async () => {
  const mailbox = restante.freshMailbox();
  const held = mailbox.wait({ subject: "later" });
  await send(mailbox, { subject: "sooner" });
  await send(mailbox, { subject: "later" });
  assert.equal((await held).subject, "later");
});

test("several, and exactly so many", async () => {
  const mailbox = restante.freshMailbox();
  const held = mailbox.atLeast(2, { subject: "code" });
  for (const row of [1, 2]) await send(mailbox, { subject: `Code ${row}` });
  assert.deepEqual((await held).map(({ subject }) => subject), ["Code 1", "Code 2"]);
  assert.equal((await mailbox.exactly(2)).length, 2);
  await assert.rejects(mailbox.exactly(1, { subject: "code" }), (error) => {
    assert.ok(error instanceof WaitFailed && error.tooMany);
    assert.deepEqual(error.found.map(({ Subject }) => Subject), ["Code 1", "Code 2"]);
    assert.match(error.message, /^Exactly 1 message was expected in mailbox "mailbox-\w{8}", but at least 2 matched subject:code:\n- "Code 1"/);
    return true;
  });
  await assert.rejects(mailbox.atLeast(3, { timeout: SOON }), { name: "WaitFailed", message: /^3 messages were expected in mailbox "[\w-]+", but 2 arrived/ });
});

test("none", async () => {
  const mailbox = restante.freshMailbox();
  assert.equal(await mailbox.none({ subject: "code" }, 20), undefined);
  assert.equal(await mailbox.none({}, "20ms"), undefined);
  const held = mailbox.none({ subject: "code" }, "10s");
  await send(mailbox, { subject: "Code 1" });
  await assert.rejects(held, { name: "WaitFailed", tooMany: true, message: /^No message was expected in mailbox/ });
  await assert.rejects(mailbox.none({ timeout: 5 }), { name: "QuestionNotUnderstood", message: /none has no timeout/ });
});

test("cursors: what came before is not asked again, and nothing is skipped", async () => {
  const mailbox = restante.freshMailbox();
  await send(mailbox, { subject: "One" });
  const one = await mailbox.wait();
  const before = await mailbox.cursor();
  await send(mailbox, { subject: "Two" });
  assert.equal((await mailbox.wait({ since: one.cursor })).subject, "Two");
  assert.equal((await mailbox.wait({ since: before })).subject, "Two");
  const [two] = await mailbox.atLeast(1, { since: before });
  const late = await mailbox.wait({ since: two.cursor, timeout: SOON }).catch((error) => error);
  assert.deepEqual(late.earlier.map(({ Subject }) => Subject), ["Two", "One"]);
  assert.equal((await mailbox.latest()).cursor, null);
});

test("what a failure tells a program", async () => {
  const mailbox = restante.freshMailbox("tells");
  const other = restante.freshMailbox("other");
  await send(mailbox, { subject: "Welcom" });
  await send(other, { subject: "Welcome" });
  const error = await mailbox.wait({ subject: "Welcome", timeout: SOON }).catch((error) => error);
  assert.ok(error instanceof WaitFailed && error instanceof Error);
  assert.equal(error.message, error.problem.detail);
  assert.match(error.message, /^No message in mailbox "tells-\w{8}" matched subject:Welcome within 30 ms\.\nOne message arrived that did not match:\n/);
  assert.deepEqual([error.tooMany, error.arrivedCount, error.expectation], [false, 1, "at least 1"]);
  assert.deepEqual([error.found, error.earlier, error.sessions], [[], [], []]);
  assert.equal(error.nearMisses[0].message.Subject, "Welcom");
  assert.deepEqual(error.nearMisses[0].failed, [{ clause: "subject", expected: 'to contain "Welcome"', found: '"Welcom"' }]);
  assert.deepEqual(Object.keys(error), [], "a runner would print them");
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(error))), ["name", "message", "stack"]);
});

test("no answer is given up before the server gives the question up", async () => {
  const { heldFor, question } = await import("../dist/clauses.js");
  for (const [asked, expected] of [
    [question({}), 3_000],
    [question({ timeout: 250 }), 250],
    [question({ timeout: "1.5s" }), 1_500],
    [question({ timeout: "2m" }), 120_000],
    [question({ timeout: "1m30s" }), 300_000],
    [question({ timeout: "20" }), 300_000],
    [question({}, { none: "10s" }), 10_000],
    [question({ timeout: "1s" }, { count: 2 }), 1_000],
  ]) {
    assert.equal(heldFor(asked), expected, JSON.stringify(asked));
  }
});
