// The package as it is published: what is in it, and whether an empty project can use it.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { PACKAGE, PROJECTS, run } from "./run.mjs";

const MODULES = ["asked", "child", "clauses", "cypress", "errors", "http", "index", "mail", "mailbox", "message", "place", "playwright", "restante", "setup", "view", "wire"];

test("nothing is in the package that does not belong", async () => {
  const { output } = await run("tar", ["-tzf", PACKAGE], { cwd: "." });
  const expected = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", ...MODULES.flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`])];
  assert.deepEqual(output.trim().split("\n").sort(), expected.map((file) => `package/${file}`).sort());
});

test("nothing is needed at run time, and nothing is said of where it was built", async () => {
  const { output } = await run("tar", ["-xzOf", PACKAGE, "package/package.json"], { cwd: "." });
  const { dependencies, peerDependenciesMeta, license, engines, type } = JSON.parse(output);
  assert.equal(dependencies, undefined);
  assert.ok(Object.values(peerDependenciesMeta).every(({ optional }) => optional));
  assert.deepEqual([license, engines.node, type], ["MIT OR Apache-2.0", ">=20", "module"]);
  const { output: all } = await run("tar", ["-xzOf", PACKAGE], { cwd: "." });
  assert.doesNotMatch(all, /\/tmp\/|\/home\/|resolved|registry\./);
});

/** An empty project with the package installed, as by its user. */
async function project(name, files) {
  const folder = join(PROJECTS, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const { code, output } = await run("npm", ["install", "--offline", "--no-audit", "--no-fund", PACKAGE], { cwd: folder });
  assert.equal(code, 0, output);
  assert.match(output, /added 1 package/);
  return folder;
}

test("a test of an empty project uses it", async () => {
  const folder = await project("esm", {
    "mail.test.js": `
      import assert from "node:assert/strict";
      import { test } from "node:test";
      import { Restante, WaitFailed } from "restante";
      test("a mail arrives", async () => {
        const restante = await Restante.start();
        const mailbox = restante.freshMailbox("esm");
        await mailbox.deliver("To: ann@app.test\\r\\nSubject: Welcome\\r\\n\\r\\nYour code is 481516.\\r\\n");
        assert.equal((await mailbox.wait({ to: "ann@app.test" })).code, "481516");
        await assert.rejects(mailbox.wait({ to: "bob@app.test", timeout: 10 }), WaitFailed);
        await restante.close();
      });
    `,
    "ends.mjs": `import { Restante } from "restante"; const r = await Restante.start(); console.log(r.url);`,
  });
  const ran = await run("node", ["--test", "--test-reporter=tap"], { cwd: folder });
  assert.equal(ran.code, 0, ran.output);
  assert.match(ran.output, /^# pass 1$/m);
  const ends = await run("node", ["ends.mjs"], { cwd: folder });
  assert.match(ends.output, /^http:\/\/127\.0\.0\.1:\d+\n$/, "it is not kept from ending");
});

/** Types that a project has installed itself, without installing them again. */
function types(folder, names) {
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@playwright"), { recursive: true });
  for (const name of names) symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
}

const STRICT = { target: "ES2022", module: "NodeNext", strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true };
const tsc = (folder) => run("node", [resolve("node_modules/typescript/bin/tsc"), "-p", "."], { cwd: folder });

test("a strict TypeScript project type-checks against it, and a misspelt clause does not", async () => {
  const folder = await project("types", {
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, types: ["node"], skipLibCheck: false }, include: ["*.ts"] }),
    "good.ts": `
      import { Restante, WaitFailed, type Clauses, type Message, type Mailbox, type Attachment } from "restante";
      import setup from "restante/setup";
      const restante: Restante = await Restante.open();
      const mailbox: Mailbox = restante.freshMailbox("types");
      const clauses: Clauses = {
        to: ["ann@app.test", /@app/], subject: { regex: /Welcome/i }, header: { "X-Kind": true, Subject: "a" },
        attachment: [{ name: "a.pdf", type: { equals: "application/pdf" } }, /x/], size: { larger: "1kb" },
        findings: ["bare-lf"], refusable: false, since: new Date(), timeout: "5s",
      };
      const mail: Message = await mailbox.wait(clauses, { signal: AbortSignal.timeout(1) });
      const code: string | null = mail.code;
      const [attachment] = mail.attachments;
      const bytes: Buffer | undefined = await attachment?.bytes();
      const kind: string | null = await mail.header("X-Kind");
      await restante.wait({ mailbox: "a" });
      await mailbox.none({ to: "x" }, "200ms");
      const all: Message[] = await mailbox.exactly(2, {});
      try { await mailbox.wait(); } catch (error) { if (error instanceof WaitFailed) error.nearMisses[0]?.failed[0]?.clause.trim(); }
      process.env = { ...process.env, ...mailbox.env };
      {
        await using other = await Restante.start(["--max-memory", "64MB"]);
        other.doors[0]?.port.toFixed();
      }
      const teardown: () => Promise<void> = await setup();
      export { code, bytes, kind, all, teardown, type Attachment };
    `,
    "bad.ts": `
      import { Restante } from "restante";
      const mailbox = (await Restante.open()).mailbox("a");
      // @ts-expect-error: a name that is none
      await mailbox.wait({ subjct: "Welcome" });
      // @ts-expect-error: asked by atLeast
      await mailbox.wait({ count: 2 });
      // @ts-expect-error: only the root asks for a mailbox
      await mailbox.wait({ mailbox: "b" });
      // @ts-expect-error: no unit that is known
      await mailbox.wait({ timeout: "5 parsecs" });
      // @ts-expect-error: exactOptionalPropertyTypes finds what may be undefined
      await mailbox.wait({ to: process.env["NOBODY"] });
      // @ts-expect-error: none has no timeout
      await mailbox.none({ timeout: 5 });
      // @ts-expect-error: not awaited
      mailbox.wait().subject;
      // @ts-expect-error: a message does not change
      (await mailbox.wait()).subject = "";
    `,
  });
  types(folder, ["@types/node", "undici-types"]);
  const { code, output } = await tsc(folder);
  assert.equal(code, 0, output);
});

test("Playwright's fixtures have types", async () => {
  const folder = await project("playwright", {
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, types: ["node"], skipLibCheck: true }, include: ["*.ts"] }),
    "sign-up.spec.ts": `
      import { test as base, expect, WaitFailed, type Mailbox, type Message } from "restante/playwright";
      const test = base.extend<{ shop: string }, { app: string }>({
        shop: async ({ mailbox }, use) => use(mailbox.smtp.url),
        app: [async ({ workerMailbox, restante }, use) => use(workerMailbox.name + restante.url), { scope: "worker" }],
      });
      test.use({ mailboxName: "worker" });
      test("types", async ({ page, mailbox, workerMailbox, restante, shop, app }) => {
        const mail: Message = await mailbox.wait({ subject: /Welcome/ });
        await page.goto(mail.link ?? expect(mail.link).not.toBeNull() ?? "");
        const one: Mailbox = workerMailbox;
        expect([one.name, restante.url, shop, app, WaitFailed]).toBeTruthy();
        // @ts-expect-error: a name that is none
        await mailbox.wait({ subjct: "Welcome" });
      });
    `,
    "playwright.config.ts": `
      import { defineConfig } from "@playwright/test";
      import type { MailWorkerFixtures } from "restante/playwright";
      export default defineConfig<{}, MailWorkerFixtures>({ globalSetup: "restante/setup", use: { mailboxName: "worker" } });
    `,
  });
  types(folder, ["@types/node", "undici-types", "@playwright/test", "playwright", "playwright-core"]);
  const { code, output } = await tsc(folder);
  assert.equal(code, 0, output);
});

test("Cypress's commands have types", async () => {
  const folder = await project("cypress", {
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...STRICT, module: "ESNext", moduleResolution: "bundler", lib: ["ES2022", "DOM"], types: ["cypress"], skipLibCheck: true },
      include: ["*.ts"],
    }),
    "bad.cy.ts": `
      import "restante/cypress";
      it("types", () => {
        // @ts-expect-error: a name that is none
        cy.waitForMail({ subjct: "Welcome" });
        // @ts-expect-error: null where there is none
        cy.lastMail().then((mail) => mail.subject);
      });
    `,
  });
  copyFileSync("tests/sign-up.cy.ts", join(folder, "sign-up.cy.ts"));
  types(folder, ["cypress"]);
  const { code, output } = await tsc(folder);
  assert.equal(code, 0, output);
});
