// What goes wrong, and whether its reader learns what to change.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { after, test } from "node:test";
import { QuestionNotUnderstood, Restante, RestanteError } from "restante";
import { send, started } from "./start.mjs";

const restante = await started();
const mailbox = restante.freshMailbox("errors");

for (const [clauses, sentence] of [
  [{ subjct: "x" }, /^"subjct" is not known here; did you mean "subject"\?/],
  [{ to: undefined }, /^to is undefined; leave it out to ask for any\.$/],
  [{ header: { "X-Kind": undefined } }, /^header\.X-Kind is undefined/],
  [{ to: "" }, /^"to" is empty; leave it out to ask for any\.$/],
  [{ to: null }, /^"to" must be a text, found null\.$/],
  [{ subject: /(?=x)/ }, /is not a regular expression: .*look-around/],
  [{ subject: /x/y }, /^\/x\/y: the flag y has no meaning here/],
  [{ count: 2 }, /^"count" is no clause; ask by atLeast\(2, \{ … \}\)\.$/],
  [{ exactly: 2 }, /ask by exactly\(/],
  [{ none: "1s" }, /ask by none\(/],
  [{ timeout: "soon" }, /^timeout: "soon" is not a time; write it like 5s, 500ms or 1m\.$/],
  [{ timeout: 301_000 }, /^timeout: "301000ms" is more than the 300 s/],
  [{ since: "yesterday" }, /^"yesterday" is not a cursor/],
  [{ since: new Date("x") }, /^since is a Date that is not valid\.$/],
  [{ size: {} }, /^"size" must be an object with something in it/],
  ["to:ann@app.test", /^Clauses are an object, such as \{ to: "ann@app\.test" \}; found "to:ann@app\.test"\.$/],
  [/x/, /^Clauses are an object/],
  [null, /^Clauses are an object.*found null\.$/],
]) {
  test(`a question that is none: ${JSON.stringify(clauses)}`, async () => {
    await assert.rejects(mailbox.wait(clauses), (error) => {
      assert.ok(error instanceof QuestionNotUnderstood && error instanceof TypeError);
      assert.match(error.message, sentence);
      assert.match(firstFrame(error), /errors\.test\.mjs/);
      return true;
    });
  });
}

test("a wait that was not awaited says so", async () => {
  const { port } = restante.smtp;
  for (const name of ["subject", "text", "code", "link", "attachments"]) {
    const promise = restante.mailbox(`nobody-${port}`).wait({ timeout: "1ms" });
    assert.throws(() => promise[name], { name: "TypeError", message: `This is the promise of a message, so it has no ${name} yet: write \`await\` before wait(…).` });
  }
});

test("every error points at the line of the test", async () => {
  const calls = {
    wait: () => mailbox.wait({ timeout: "1ms" }),
    atLeast: () => mailbox.atLeast(2, { timeout: "1ms" }),
    exactly: () => mailbox.exactly(2, { timeout: "1ms" }),
    none: () => mailbox.none({}, "x"),
    messages: () => mailbox.messages("("),
    latest: () => mailbox.latest("("),
    deliver: () => mailbox.deliver(""),
    connect: () => Restante.connect("http://127.0.0.1:1"),
    mailbox: async () => restante.mailbox(""),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = await call().then(() => assert.fail(name), (error) => error);
    assert.match(firstFrame(error), /errors\.test\.mjs/, `${name}: ${error.stack}`);
    assert.ok(error.stack.startsWith(`${error.name}: ${error.message}\n    at `), error.stack);
  }
});

function firstFrame({ stack }) {
  return stack.split("\n").find((line) => line.startsWith("    at "));
}

async function listening(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

const START = 'Start one ("restante"), or say where it is in RESTANTE_URL.';

test("nobody is there", async () => {
  const sentence = `No Restante answers at http://127.0.0.1:1: the connection was refused. ${START}`;
  await assert.rejects(Restante.connect("http://127.0.0.1:1"), { name: "RestanteError", message: sentence });
  await assert.rejects(Restante.connect("http://localhost:1/"), { message: sentence.replace("127.0.0.1", "localhost") });
});

test("somebody else is there", async () => {
  const web = await listening(createServer((_, response) => response.writeHead(404).end("no")));
  await assert.rejects(Restante.connect(web), { message: `No Restante answers at ${web}: what answers there (404 to /api/v1/info) is something else. ${START}` });
  const json = await listening(createServer((_, response) => response.writeHead(200, { "Content-Type": "application/json" }).end('{"Version":"v1"}')));
  await assert.rejects(Restante.connect(json), /\(200 to \/api\/v1\/info\) is something else/);
  const broken = await listening(createServer((_, response) => response.writeHead(200, { "Content-Type": "application/json" }).end("{")));
  await assert.rejects(Restante.connect(broken), /is something else/);
  const smtp = await listening(createTcpServer((socket) => socket.end("220 mail.test ESMTP\r\n")));
  await assert.rejects(Restante.connect(smtp), /what listens there does not speak HTTP/);
  const rude = await listening(createTcpServer((socket) => socket.destroy()));
  await assert.rejects(Restante.connect(rude), /the connection broke off/);
});

test("an address that is none", async () => {
  for (const url of ["localhost:8025", "8025", "ftp://localhost"]) {
    await assert.rejects(Restante.connect(url), { name: "RestanteError", message: `"${url}" is not the address of a Restante; write it like http://localhost:8025.` });
  }
});

test("it stops while it is asked", async () => {
  const other = await Restante.start();
  const held = other.wait({ timeout: "60s" });
  const settled = held.catch((error) => error);
  // Answered after the question was taken: both come by one connection each, in order of their making.
  await other.cursor();
  await other.close();
  const error = await settled;
  assert.ok(error instanceof RestanteError, String(error));
  assert.match(error.message, /stopped before a message came|the connection (broke off|was refused)/);
  await assert.rejects(other.wait(), /No Restante answers at .*: the connection was refused/);
  await other.close();
});

test("a program that cannot be started", async () => {
  const cases = [
    [{ RESTANTE_BIN: "/nowhere/restante" }, 'RESTANTE_BIN is "/nowhere/restante", and that cannot be started: there is no such program.'],
    [{ RESTANTE_BIN: "", PATH: "/nowhere" }, 'There is no "restante" on the PATH. Install it, say where it is in RESTANTE_BIN, or say in RESTANTE_URL where one runs.'],
    [{ RESTANTE_BIN: "/bin/true" }, "/bin/true ended with exit code 0 before it was ready."],
    [{ RESTANTE_BIN: "/bin/echo" }, "/bin/echo is no Restante that knows --attached; it said:\n--attached"],
  ];
  for (const [env, sentence] of cases) {
    assert.equal(await inProcess("await Restante.start()", env), sentence);
    assert.equal(await inProcess("await Restante.open()", env), sentence);
  }
  await assert.rejects(Restante.start(["--nope"]), {
    name: "RestanteError",
    message: /ended with exit code 2 before it was ready\.\nrestante: --nope is no flag/,
  });
});

/** What a process of its own, with its own environment, comes to. */
function inProcess(code, env) {
  const script = `import { Restante } from "restante"; try { ${code} } catch (error) { process.stdout.write(error.message) }`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env: { ...process.env, RESTANTE_URL: "", ...env }, stdio: ["ignore", "pipe", "ignore"], timeout: 30_000 });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}

test("where it is, by the environment", async () => {
  const where = 'const r = await Restante.open(); process.stdout.write([r.url, r.smtp.url].join(" ")); await r.close()';
  assert.equal(await inProcess(where, { RESTANTE_URL: `${restante.url}/` }), `${restante.url} ${restante.smtp.url}`);
  assert.equal(await inProcess(where, { RESTANTE_URL: restante.url, RESTANTE_SMTP_ADDRESS: "mail.test:40025" }), `${restante.url} smtp://mail.test:40025`);
  assert.equal(await inProcess(where, { RESTANTE_URL: restante.url, RESTANTE_SMTP_ADDRESS: "[::1]:40025" }), `${restante.url} smtp://[::1]:40025`);
  assert.equal(await inProcess(where, { RESTANTE_URL: restante.url, RESTANTE_SMTP_ADDRESS: "mail.test" }), 'RESTANTE_SMTP_ADDRESS is "mail.test"; write it like localhost:2525.');
  const own = await inProcess(where, { RESTANTE_SMTP_ADDRESS: "mail.test:40025" });
  assert.match(own, /^http:\/\/127\.0\.0\.1:\d+ smtp:\/\/127\.0\.0\.1:\d+$/);
  assert.notEqual(own.split(" ")[0], restante.url);
});

test("a running one is not stopped by whoever connected", async () => {
  const connected = await Restante.connect(restante.url);
  assert.deepEqual(connected.doors, restante.doors);
  await connected.close();
  await connected.close();
  await send(mailbox, { subject: "still there" });
  await mailbox.wait({ subject: "still there" });
});

test("a test that forgets to close it ends all the same, and so does it", async () => {
  const pid = await inProcess('const r = await Restante.start(); process.stdout.write(r.url)', {});
  await assert.rejects(Restante.connect(pid), RestanteError);
});

test("await using", async () => {
  const other = await Restante.start();
  const before = performance.now();
  await other[Symbol.asyncDispose]();
  assert.ok(performance.now() - before < 4_500, "it was killed, and did not end by itself");
  await assert.rejects(other.cursor(), RestanteError);
});
