// The README: its example runs, and its failure is the one that is printed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Restante } from "restante";
import { send } from "./start.mjs";

const README = readFileSync("README.md", "utf8");
const block = (language) => README.match(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms"))[1];

test("the example does what its comments say", async () => {
  const [head, ...body] = block("js").split("\n");
  assert.equal(head, 'import { Restante } from "restante";');
  const env = { ...process.env };
  const code = `${body.join("\n").replace(/^(mail\.\w+); +\/\/ (".*")$/gm, "assert.equal($1, $2);")}\nawait restante.close();`;
  assert.equal(code.match(/assert\.equal/g).length, 2);
  const AsyncFunction = (async () => {}).constructor;
  const signUp = (to) =>
    send({ smtp: { host: process.env.SMTP_HOST, port: process.env.SMTP_PORT, user: process.env.SMTP_USER, password: process.env.SMTP_PASSWORD } }, {
      to,
      html: 'Your code is 481516. <a href="https://shop.test/confirm?token=4f7k9q2m1b6n">Confirm</a>',
    });
  try {
    await new AsyncFunction("Restante", "signUp", "assert", code)(Restante, signUp, assert);
  } finally {
    process.env = env;
  }
});

test("the failure is as Vitest prints it", () => {
  const golden = readFileSync(`${process.env.GOLDEN}/vitest.txt`, "utf8").replaceAll("vitest.test.mjs", "sign-up.test.ts");
  const shown = block("text").replace(/-[a-z0-9]{8}"/, '-NNNNNNNN"').replace(/\d\.\d s ago/, "N s ago");
  assert.ok(golden.includes(shown), golden);
});
