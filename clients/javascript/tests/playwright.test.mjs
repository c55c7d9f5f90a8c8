// The fixtures, with Playwright itself and a browser.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { Restante } from "restante";
import { run, RUNNERS } from "./run.mjs";

const CHROMIUM = process.env.PATH.split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find((path) => {
    try {
      return readdirSync(join(path, "..")).includes(path.split("/").at(-1));
    } catch {
      return false;
    }
  });
const skip = CHROMIUM === undefined && "chromium is missing";

for (const [how, env] of [
  ["a Restante for each worker", {}],
  ["one for all workers", { ONE_FOR_ALL: "1" }],
]) {
  test(`signing up in a browser, in parallel: ${how}`, { skip }, async () => {
    const output = join(RUNNERS, `signs-up-${Object.keys(env).length}`);
    const ran = await run("node_modules/.bin/playwright", ["test", "--reporter=json", "sign-up.spec.mjs"], {
      cwd: RUNNERS,
      env: { CHROMIUM, PLAYWRIGHT_OUTPUT: output, ...env },
    });
    assert.equal(ran.code, 0, ran.output);
    const { stats, suites } = JSON.parse(ran.output);
    assert.deepEqual([stats.expected, stats.unexpected, stats.flaky, stats.skipped], [8, 0, 0, 0]);
    const workers = new Set(suites.flatMap(({ specs }) => specs.flatMap(({ tests }) => tests.map(({ results }) => results[0].workerIndex))));
    assert.equal(workers.size, 2, "both workers had something to do");
  });
}

test("a mailbox whose name is said holds nothing of before", async () => {
  const restante = await Restante.start();
  try {
    await restante.mailbox("shop").deliver("To: ann@app.test\r\nSubject: of an earlier run\r\n\r\n");
    const env = { RESTANTE_URL: restante.url, PLAYWRIGHT_OUTPUT: join(RUNNERS, "named") };
    const ran = await run("node_modules/.bin/playwright", ["test", "--reporter=json", "named.spec.mjs"], { cwd: RUNNERS, env });
    assert.equal(ran.code, 0, ran.output);
    assert.equal(JSON.parse(ran.output).stats.expected, 2);
  } finally {
    await restante.close();
  }
});
