// Many at once: none sees another's mail, and none waits for another.

import assert from "node:assert/strict";
import { test } from "node:test";
import { send, started } from "./start.mjs";

const restante = await started();

test("the same mail in many mailboxes", { concurrency: true }, async (t) => {
  const runs = Array.from({ length: 32 }, (_, run) =>
    t.test(`of ${run}`, async () => {
      const mailbox = restante.freshMailbox("same");
      const held = mailbox.wait({ to: "ann@app.test", subject: "Welcome" });
      await send(mailbox, { text: `Your code is ${100_000 + run}` });
      assert.equal((await held).code, String(100_000 + run));
      assert.equal((await mailbox.exactly(1)).length, 1);
    }),
  );
  await Promise.all(runs);
});

test("64 waits are held at once", async () => {
  const mailbox = restante.freshMailbox("many");
  const held = Array.from({ length: 64 }, (_, row) => mailbox.wait({ subject: { equals: `row ${row}` }, timeout: "20s" }));
  // In the order in which nobody asked.
  for (let row = 63; row >= 0; row--) await mailbox.deliver(`To: ann@app.test\r\nSubject: row ${row}\r\n\r\n`);
  assert.deepEqual((await Promise.all(held)).map(({ subject }) => subject), held.map((_, row) => `row ${row}`));
});

test("a wait can be given up", async () => {
  const mailbox = restante.freshMailbox("given-up");
  const reason = new Error("no longer of interest");
  const held = [
    (signal) => mailbox.wait({ timeout: "60s" }, { signal }),
    (signal) => mailbox.atLeast(2, { timeout: "60s" }, { signal }),
    (signal) => mailbox.exactly(2, { timeout: "60s" }, { signal }),
    (signal) => mailbox.none({}, "60s", { signal }),
  ].map((ask) => {
    const controller = new AbortController();
    const wait = ask(controller.signal);
    return [wait, controller];
  });
  await mailbox.cursor();
  for (const [wait, controller] of held) {
    controller.abort(reason);
    await assert.rejects(wait, (error) => error === reason);
  }
  await assert.rejects(mailbox.wait({}, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  await assert.rejects(mailbox.wait({ timeout: "60s" }, { signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
});

test("one signal gives up many waits, without a warning", async () => {
  const warnings = [];
  process.on("warning", (warning) => warnings.push(warning.message));
  const controller = new AbortController();
  const reason = new Error("enough");
  const held = Array.from({ length: 20 }, () => restante.freshMailbox().wait({ timeout: "60s" }, { signal: controller.signal }));
  await restante.cursor();
  controller.abort(reason);
  const outcomes = await Promise.allSettled(held);
  assert.ok(outcomes.every(({ reason: why }) => why === reason));
  await new Promise(setImmediate);
  assert.deepEqual(warnings, []);
});

test("nothing is asked by fetch, which tests replace", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = () => assert.fail("fetch was called");
  try {
    const mailbox = restante.freshMailbox();
    await send(mailbox);
    await (await mailbox.wait()).raw();
  } finally {
    globalThis.fetch = fetch;
  }
});

test("it is known what nobody waits for", async () => {
  const { unawaited } = await import("../dist/asked.js");
  const [awaited, raced, kept] = [1, 2, 3].map(() => restante.freshMailbox());
  await awaited.none({}, 1);
  await Promise.all([awaited.none({}, 1), awaited.exactly(1, { timeout: 1 }).catch(() => {})]);
  assert.equal(unawaited(awaited), null);
  await Promise.race([raced.atLeast(1), raced.none({}, 1)]);
  assert.equal(unawaited(raced), null);
  kept.none({}, 1);
  kept.wait({ timeout: 1 });
  const error = unawaited(kept);
  assert.match(error.stack, /^Error: This was asked, and nobody waited for the answer: write `await` before it\.\n    at .*parallel\.test\.mjs/);
  assert.equal(unawaited(kept), null, "it is told once");
});
