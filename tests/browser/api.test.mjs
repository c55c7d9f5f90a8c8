// The page of the API: all of the document, and examples that do what they say.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { open, shut, start } from "./house.mjs";

let house, document;
before(async () => {
  house = await start();
  await post();
  document = await (await fetch(`${house.http}/api/v1/openapi.json`)).json();
});
after(async () => { await house.stop(); await shut(); });

const post = () => fetch(`${house.http}/api/v1/messages`, { method: "POST", body: "From: shop@app.test\r\nTo: ann@app.test\r\nSubject: Welcome, order #17\r\nX-Tags: signup\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nGood day\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Good day\r\n--b--\r\n" });
const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, said]) => ({ path, method, said })));

test("every operation and every shape of the document is on the page, and can be linked to", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(`${house.http}/api/`);
  assert.ok(operations().length > 25);
  for (const { path, method, said } of operations()) {
    const summary = page.locator(`details:has(> #${said.operationId}) > summary`);
    assert.equal((await summary.innerText()).replace(/\s+/g, " ").trim(), `${method.toUpperCase()} ${path} ${said.summary}`);
    const body = page.locator(`#${said.operationId}`);
    for (const { name } of said.parameters ?? []) assert.equal(await body.locator("dt code", { hasText: new RegExp(`^\\{?${name}\\}?$`) }).count(), 1, `${path} ${name}`);
    assert.deepEqual(await body.locator(".status-code").allTextContents(), Object.keys(said.responses));
  }
  for (const [name, shape] of Object.entries(document.components.schemas)) {
    const members = await page.locator(`#shape-${name} dt > code`).allTextContents();
    for (const member of Object.keys(shape.properties ?? {})) assert.ok(members.includes(member), `${name}.${member}`);
  }
  await page.goto(`${house.http}/api/#wait`);
  await page.locator("#wait").waitFor({ state: "visible" });
  assert.equal(await page.locator("#sendMessage").isVisible(), false);
  await page.locator("#wait .answers a", { hasText: "WaitFailed" }).first().click();
  await page.locator("#shape-WaitFailed").waitFor({ state: "visible" });
  await page.context().close();
});

test("every example of the page can be pasted, and is answered as it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "restante-"));
  await writeFile(join(folder, "message.eml"), "From: shop@app.test\r\nTo: ann@app.test\r\nSubject: Welcome\r\n\r\nGood day.\r\n");
  const page = await open(), asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${house.http}/api/`, { waitUntil: "load" });
  assert.deepEqual([...new Set(asked)], [house.http], "it asks others");
  const refused = new Set(["getChaos", "setChaos", "releaseMessage", "checkHtml"]);
  let ran = 0;
  for (const { method, said } of operations().filter(({ said }) => said.operationId !== "listen")) {
    const example = await page.locator(`#${said.operationId} pre`).textContent();
    const { stdout } = await promisify(execFile)("bash", ["-c", `${example} -s -o answer -w '%{http_code}'`], { cwd: folder });
    assert.ok(said.responses[stdout], `${said.operationId}: ${stdout}\n${example}`);
    if (!refused.has(said.operationId)) assert.equal(stdout, "200", example);
    ran++;
    // What is deleted or renamed is there again for the next.
    if (method !== "get") await post();
  }
  assert.ok(ran > 25);
  await rm(folder, { recursive: true });
  await page.context().close();
});

test("a link to a part of the page is a step back and forth, and loads nothing anew", async () => {
  const page = await open();
  await page.goto(`${house.http}/api/`);
  await page.evaluate(() => { globalThis.same = true; });
  await page.locator("#getMessage").evaluate((body) => { body.parentElement.open = true; });
  await page.locator("#getMessage .answers a", { hasText: "Message" }).click();
  await page.locator("#shape-Message").waitFor({ state: "visible" });
  await page.goBack();
  assert.equal(new URL(page.url()).hash, "");
  assert.equal(await page.evaluate(() => globalThis.same), true);
  await page.context().close();
});

test("below a mailbox the examples ask that one, and Mailpit's address leads here", async () => {
  const page = await open();
  await page.goto(`${house.http}/mailbox/a%2Fb/api/v1/`);
  assert.equal(new URL(page.url()).pathname, "/mailbox/a%2Fb/api/");
  assert.ok((await page.locator("#wait pre").textContent()).startsWith(`curl '${house.http}/mailbox/a%2Fb/api/v1/wait?`));
  await page.context().close();
});
