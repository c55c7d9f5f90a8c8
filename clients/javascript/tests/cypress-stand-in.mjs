// In the place of Cypress, whose program is a browser that is downloaded: a queue of commands, subjects that are passed on,
// and a `cy.request` that asks as Cypress's does. Not there: retries, pages, and how Cypress prints what failed.

import assert from "node:assert/strict";

class Chain {
  constructor(promise) {
    this.promise = promise;
  }

  then(callback) {
    return enqueue(this.promise, callback);
  }

  its(name) {
    return this.then((subject) => subject[name]);
  }

  should(how, expected) {
    return this.then((subject) => {
      if (how === "equal") assert.equal(subject, expected);
      else if (how === "be.null") assert.equal(subject, null);
      else assert.fail(`should(${how}) is not stood in for`);
      return subject;
    });
  }
}

/** What is called within a callback runs before what follows it. */
let scope = { tail: Promise.resolve() };

function enqueue(before, work) {
  const outer = scope;
  const run = async () => {
    const subject = await before;
    const inner = { tail: Promise.resolve(), calls: 0 };
    const last = scope;
    scope = inner;
    let value;
    try {
      value = work(subject);
    } finally {
      scope = last;
    }
    const nested = await inner.tail;
    if (value instanceof Chain) return value.promise;
    // A callback that answers nothing passes on what its last command yields, or else what it was given.
    return value === undefined ? (inner.calls > 0 ? nested : subject) : value;
  };
  const promise = outer.tail.then(run);
  outer.tail = promise;
  outer.calls = (outer.calls ?? 0) + 1;
  promise.catch(() => {});
  return new Chain(promise);
}

/** What was asked by `cy.request`, and what was told by `Cypress.log`. */
export const asked = [];
export const logged = [];
const visited = [];
const typed = {};

async function request(options) {
  asked.push(options);
  const { method, url, body, failOnStatusCode = true, timeout = 30_000, encoding } = options;
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeout),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok && failOnStatusCode) throw new Error(`cy.request() failed: ${answer.status} ${bytes}`);
  const isJson = /^application\/json\b/.test(answer.headers.get("content-type") ?? "");
  const text = encoding === "binary" ? bytes.toString("latin1") : bytes.toString();
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, isOkStatusCode: answer.ok };
}

/** Puts the stand-ins in place; `click` is what the application does when its button is pressed. */
export function standIn({ env, spec, click }) {
  const before = [];
  const its = [];
  globalThis.cy = {
    request: (options) => enqueue(undefined, () => new Chain(request(options))),
    wrap: (value) => enqueue(undefined, () => new Chain(Promise.resolve(value))),
    log: () => enqueue(undefined, () => null),
    visit: (address) => enqueue(undefined, () => void visited.push(address)),
    get: (selector) => ({ type: (text) => enqueue(undefined, () => void (typed[selector] = text)) }),
    contains: () => ({ click: () => enqueue(undefined, () => new Chain(click(visited, typed))) }),
  };
  globalThis.Cypress = {
    Commands: { add: (name, command) => (cy[name] = (...given) => enqueue(undefined, () => command(...given))) },
    env: (name) => env[name],
    log: (entry) => logged.push(entry),
    spec: { relative: spec },
  };
  globalThis.expect = (found) => ({ to: { equal: (expected) => assert.equal(found, expected) } });
  globalThis.describe = (_, body) => body();
  globalThis.beforeEach = (body) => before.push(body);
  globalThis.it = (name, body) => its.push({ name, run: () => commands(() => [...before, body].forEach((each) => each())) });
  return { its, visited, typed };
}

/** Runs what is called within, and answers what the last of it yields. */
export async function commands(body) {
  scope = { tail: Promise.resolve() };
  body();
  return scope.tail;
}
