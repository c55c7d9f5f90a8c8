// The commands for Cypress, over HTTP against the program. Cypress itself is not there; cypress-stand-in.mjs says what is.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { asked, commands, logged, standIn } from "./cypress-stand-in.mjs";
import { run } from "./run.mjs";
import { send, started } from "./start.mjs";

const restante = await started();
const mailbox = restante.mailbox("shop-sign-up");
const env = { RESTANTE_URL: `${restante.url}/` };
const { its, visited, typed } = standIn({
  env,
  spec: "cypress/e2e/shop/sign-up.cy.ts",
  click: async (_, typed) => {
    const html = '<p>Your code is 481516. <a href="https://shop.test/confirm?token=4f7k9q2m1b6n">Confirm</a></p>';
    const attachments = [{ filename: "a.bin", content: Buffer.from([0, 128, 255, 10]) }];
    await send(mailbox, { to: typed["[name=address]"], html, attachments, headers: { "X-Kind": "welcome" } });
  },
});
const ask = (name, ...given) => commands(() => cy[name](...given));
await import("restante/cypress");

test("a spec with every command", async () => {
  const made = "tests/made";
  rmSync(made, { recursive: true, force: true });
  const options = ["--module", "NodeNext", "--target", "ES2022", "--types", "cypress", "--skipLibCheck", "--ignoreConfig", "--rootDir", ".", "--outDir", made];
  const compiled = await run("node", ["node_modules/typescript/bin/tsc", ...options, "tests/sign-up.cy.ts"], { cwd: "." });
  assert.equal(compiled.code, 0, compiled.output);
  await mailbox.deliver("To: old@app.test\r\nSubject: of an earlier test\r\n\r\n");
  await import("./made/tests/sign-up.cy.js");
  assert.equal(its.length, 1);
  for (const { run } of its) await run();
  assert.deepEqual(visited, ["/sign-up?mailbox=shop-sign-up", "https://shop.test/confirm?token=4f7k9q2m1b6n"]);
  assert.deepEqual(typed, { "[name=address]": "ann@app.test", "[name=code]": "481516" });
  assert.deepEqual(logged.slice(0, 3), [
    { name: "clearMail", message: "" },
    { name: "mailbox", message: '"shop-sign-up"' },
    { name: "waitForMail", message: '{"to":"ann@app.test","subject":"/^Welcome/","timeout":"5s"}' },
  ]);
});

test("no request fails by its status, and none is given up before the wait is", async () => {
  await ask("mailbox", "times");
  asked.length = 0;
  const failed = { name: "WaitFailed" };
  await assert.rejects(ask("waitForMail", { timeout: 20 }), failed);
  await assert.rejects(ask("waitForMail", { timeout: "0.02s" }), failed);
  await ask("noMail", {}, "20ms");
  await ask("noMail");
  assert.deepEqual(asked.map(({ timeout }) => timeout), [10_020, 10_020, 10_020, 10_500]);
  assert.ok(asked.every(({ failOnStatusCode }) => failOnStatusCode === false));
  assert.deepEqual(asked[0].body, { timeout: "20ms" });
});

test("a failure says what came close", async () => {
  await ask("mailbox", "close/by");
  await send(restante.mailbox("close/by"), { subject: "Welcom" });
  await assert.rejects(ask("waitForMail", { subject: "Welcome", timeout: 20 }), (error) => {
    assert.equal(error.name, "WaitFailed");
    assert.match(error.message, /^No message in mailbox "close\/by" matched subject:Welcome within 20 ms\.\nOne message arrived that did not match:\n1\. "Welcom"/);
    return true;
  });
  await assert.rejects(ask("noMail", { subject: "Welcom" }), { name: "WaitFailed", tooMany: true });
  await assert.rejects(ask("waitForMails", { exactly: 2 }, { timeout: 20 }), { name: "WaitFailed", message: /^Exactly 2 messages were expected/ });
});

test("a question that is none", async () => {
  for (const [name, given, sentence] of [
    ["waitForMail", [{ subjct: "x" }], /did you mean "subject"/],
    ["waitForMail", [{ to: undefined }], /^to is undefined/],
    ["lastMail", ["("], /bracket is never closed/],
  ]) {
    await assert.rejects(ask(name, ...given), { name: "QuestionNotUnderstood", message: sentence });
  }
});

test("the mailbox is that of the spec file, of the environment, or the one that was chosen", async () => {
  const names = async (spec) => {
    Cypress.spec.relative = spec;
    return (await ask("mailbox")).name;
  };
  assert.equal(await names("cypress/e2e/sign-up.cy.ts"), "sign-up");
  assert.equal(await names("cypress/e2e/shop/cart.spec.js"), "shop-cart");
  assert.equal(await names("src/Form.cy.tsx"), "src-Form");
  assert.equal((await ask("mailbox", "ann@app.test")).url, `${restante.url}/mailbox/ann%40app.test/`);
  assert.equal((await ask("mailbox")).name, "ann@app.test");
  assert.equal(await names("cypress/e2e/other.cy.ts"), "other");
  env.RESTANTE_MAILBOX = "worker-1";
  assert.equal(await names("cypress/e2e/third.cy.ts"), "worker-1");
  Cypress.expose = (name) => (name === "RESTANTE_MAILBOX" ? "exposed" : undefined);
  assert.equal(await names("cypress/e2e/third.cy.ts"), "exposed");
  assert.match((await ask("mailbox")).url, new RegExp(`^${restante.url}/mailbox/`));
  delete Cypress.expose;
});
