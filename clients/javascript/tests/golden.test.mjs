// What a failure looks like in each runner, whole: UPDATE_GOLDEN=1 writes it anew.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run, RUNNERS } from "./run.mjs";

const RAN = {
  "node-test": ["node", ["--test", "--test-reporter=spec", "node.test.mjs"]],
  jest: ["node", ["--experimental-vm-modules", "--no-warnings", "node_modules/jest/bin/jest.js", "--ci"]],
  vitest: ["node_modules/.bin/vitest", ["run", "--globals=false", "--dir", ".", "vitest.test.mjs"]],
  playwright: ["node_modules/.bin/playwright", ["test", "--reporter=list", "--workers=1", "fails.spec.mjs"]],
};

for (const [runner, [program, args]] of Object.entries(RAN)) {
  test(`a failure as ${runner} prints it`, async (t) => {
    const { code, output } = await run(program, args, { cwd: RUNNERS, env: { PLAYWRIGHT_OUTPUT: join(RUNNERS, "fails") } });
    assert.equal(code, 1, output);
    const printed = normal(output);
    const golden = join(process.env.GOLDEN, `${runner}.txt`);
    if (process.env.UPDATE_GOLDEN === "1") {
      writeFileSync(golden, printed);
      t.diagnostic(`written: ${golden}`);
    }
    assert.ok(existsSync(golden), `${golden} is not there; UPDATE_GOLDEN=1 writes it`);
    assert.equal(printed, readFileSync(golden, "utf8"));
  });
}

/** Without what differs from run to run, and from machine to machine. */
function normal(output) {
  return (
    output
      // What newer versions of Node add and leave out: a warning about colours, each failure also where it happened.
      .replace(/^\(node:\d+\) Warning: The 'NO_COLOR'.*\n\(Use `node --trace-warnings.*\n/gm, "")
      .replace(/^✖ [^]*(?=^✖ failing tests:)/m, "")
      .replace(/\x1b\[[0-9;]*[A-Za-z]/g, "")
      .replaceAll(`file://${RUNNERS}`, "DIR")
      .replaceAll(RUNNERS, "DIR")
      .replace(/-[a-z0-9]{8}(?=["/)])/g, "-NNNNNNNN")
      .replace(/-[0-9a-f]{5}-(?=[A-Za-z])/g, "-HASH-")
      .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1:PORT")
      .replace(/\d+(\.\d+)? (s|ms) ago/g, "N s ago")
      .replace(/\(\d+(\.\d+)? ?m?s\)/g, "(N ms)")
      .replace(/ \d+ms$/gm, " N ms")
      .replace(/^(.*Start at).*$/gm, "$1 N")
      .replace(/^(.*Duration).*$/gm, "$1 N")
      .replace(/^(Time:).*$/gm, "$1 N")
      .replace(/(duration_ms) [\d.]+/g, "$1 N")
      .replace(/ v\d+\.\d+\.\d+/g, " vN")
      .replace(/[ \t]+$/gm, "")
  );
}
