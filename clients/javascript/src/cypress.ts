/// <reference types="cypress" />
// Commands for Cypress. They ask by cy.request, which goes by way of Cypress's own server, so no page's policy is in the way.

import { heldFor, question, type Clauses, type Duration, type Expected, type Question } from "./clauses.js";
import { QuestionNotUnderstood, RestanteError, WaitFailed } from "./errors.js";
import { mail, part, type Mail, type Part } from "./mail.js";
import type { MessageJson, ProblemJson } from "./wire.js";

export type { Clauses, Duration, Text, Texts } from "./clauses.js";
export type { Mail, Part } from "./mail.js";

/** A mailbox of a spec. */
export interface SpecMailbox {
  /** The user name by which the application under test logs in; any password. */
  readonly name: string;
  /** The page that shows it. */
  readonly url: string;
}

declare global {
  namespace Cypress {
    interface Chainable {
      /** Yields the mailbox that is asked; with a name, that one from here on in this spec file. */
      mailbox(name?: string): Chainable<SpecMailbox>;
      /** Yields the oldest message like this, at once or as soon as it comes; fails after `timeout` (3 s) and says what came close. */
      waitForMail(clauses?: Clauses): Chainable<Mail>;
      /** Yields so many messages like this, the oldest first; with `{ exactly: 2 }`, fails if there are more. */
      waitForMails(count: number | { exactly: number }, clauses?: Clauses): Chainable<readonly Mail[]>;
      /** Fails if a message like this is there, or comes within this time (500 ms). */
      noMail(clauses?: Omit<Clauses, "timeout">, time?: Duration): Chainable<void>;
      /** Yields the newest message that is there, perhaps of those that a search finds, or null. It does not wait. */
      lastMail(query?: string): Chainable<Mail | null>;
      /** Deletes every message of the mailbox. */
      clearMail(): Chainable<void>;
      /** Yields the first field of this name, unfolded and decoded, or null. */
      mailHeader(mail: Mail, name: string): Chainable<string | null>;
      /** Yields the bytes of an attachment, transfer encoding undone. */
      mailAttachment(mail: Mail, attachment: Part): Chainable<Uint8Array>;
    }
  }
}

const USUAL_URL = "http://localhost:8025";
/** How much longer than a question is held its answer may take, in milliseconds. */
const MARGIN = 10_000;
const NONE_FOR: Duration = "500ms";

/** What `cy.mailbox(name)` chose, and in which file. */
let chosen: { readonly spec: string; readonly name: string } | null = null;

function setting(name: string): string | undefined {
  // Newer versions of Cypress keep apart what a browser may see.
  const { expose } = Cypress as unknown as { expose?: (name: string) => unknown };
  const value = typeof expose === "function" ? expose.call(Cypress, name) : undefined;
  return (value ?? Cypress.env(name)) as string | undefined;
}

/** That of `cy.mailbox(name)`, else that of `RESTANTE_MAILBOX`, else one named like the spec file. */
function current(): SpecMailbox {
  const spec = Cypress.spec.relative;
  const name = chosen?.spec === spec ? chosen.name : (setting("RESTANTE_MAILBOX") ?? slug(spec));
  const base = (setting("RESTANTE_URL") ?? USUAL_URL).replace(/\/+$/, "");
  return { name, url: `${base}/mailbox/${encodeURIComponent(name)}/` };
}

/** `cypress/e2e/sign-up.cy.ts` is `sign-up`, and `cypress/e2e/shop/cart.cy.js` is `shop-cart`. */
function slug(spec: string): string {
  const short = spec.replace(/^cypress[/\\](e2e|integration)[/\\]/, "").replace(/(\.cy|\.spec|\.test)?\.[cm]?[jt]sx?$/, "");
  return short.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "") || "cypress";
}

function request(method: string, path: string, more: Partial<Cypress.RequestOptions> = {}) {
  return cy.request<unknown>({ method, url: `${current().url}api/v1/${path}`, failOnStatusCode: false, log: false, ...more });
}

/** The JSON of an answer; what is no good one fails the test by what it says. */
function read<T>(response: Cypress.Response<unknown>): T {
  const { status, body } = response;
  if (status >= 200 && status < 300) return parsed(body) as T;
  const problem = parsed(body) as Partial<ProblemJson> | string;
  if (typeof problem === "string" || typeof problem?.detail !== "string") {
    const sentence = `Restante answered ${status}: ${typeof problem === "string" ? problem.trim() : JSON.stringify(problem)}`;
    throw status === 400 ? new QuestionNotUnderstood(String(problem).trim()) : new RestanteError(sentence);
  }
  if (/\/wait-(timed-out|too-many)$/.test(problem.type ?? "")) throw new WaitFailed(problem as ProblemJson);
  throw status === 400 ? new QuestionNotUnderstood(problem.detail) : new RestanteError(problem.detail);
}

/** Cypress reads `application/json` itself, and leaves other types of JSON as texts. */
function parsed(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function ask(asked: Question) {
  return request("POST", "wait", { body: asked as Cypress.RequestBody, timeout: heldFor(asked) + MARGIN });
}

function one(json: MessageJson, cursor?: string): Mail {
  return mail(json, json.Cursor ?? cursor ?? null, part);
}

function several(clauses: Clauses, expected: Expected) {
  return ask(question(clauses, expected)).then((response) => {
    const { Messages, Cursor } = read<{ Messages: MessageJson[]; Cursor: string }>(response);
    return Messages.map((json) => one(json, Cursor));
  });
}

function told(name: string, value?: unknown): void {
  const show = (_: string, inner: unknown) => (inner instanceof RegExp ? String(inner) : inner);
  Cypress.log({ name, message: value === undefined ? "" : JSON.stringify(value, show) });
}

Cypress.Commands.add("mailbox", (name?: string) => {
  if (name !== undefined) chosen = { spec: Cypress.spec.relative, name };
  const mailbox = current();
  told("mailbox", mailbox.name);
  return cy.wrap(mailbox, { log: false });
});

Cypress.Commands.add("waitForMail", (clauses: Clauses = {}) => {
  told("waitForMail", clauses);
  return ask(question(clauses)).then((response) => one(read<MessageJson>(response)));
});

Cypress.Commands.add("waitForMails", (count: number | { exactly: number }, clauses: Clauses = {}) => {
  told("waitForMails", { count, ...clauses });
  return several(clauses, typeof count === "number" ? { count } : { exactly: count.exactly }) as never;
});

Cypress.Commands.add("noMail", (clauses: Omit<Clauses, "timeout"> = {}, time: Duration = NONE_FOR) => {
  told("noMail", clauses);
  return several(clauses, { none: time }).then(() => cy.wrap(undefined, { log: false })) as never;
});

Cypress.Commands.add("lastMail", (query = "") => {
  told("lastMail", query);
  const search = query === "" ? "" : `?query=${encodeURIComponent(query)}`;
  return request("GET", `message/latest${search}`).then((response) =>
    cy.wrap(response.status === 404 ? null : one(read<MessageJson>(response)), { log: false }),
  ) as never;
});

Cypress.Commands.add("clearMail", () => {
  told("clearMail");
  return request("DELETE", "messages").then((response) => {
    read(response);
    return cy.wrap(undefined, { log: false });
  }) as never;
});

Cypress.Commands.add("mailHeader", (mail: Mail, name: string) => {
  told("mailHeader", name);
  return request("GET", `message/${mail.id}/headers?decoded=1`).then((response) => {
    const fields = Object.entries(read<Record<string, string[]>>(response));
    const value = fields.find(([field]) => field.toLowerCase() === name.toLowerCase())?.[1][0];
    return cy.wrap(value ?? null, { log: false });
  }) as never;
});

Cypress.Commands.add("mailAttachment", (mail: Mail, attachment: Part) => {
  told("mailAttachment", attachment.name);
  return request("GET", `message/${mail.id}/part/${attachment.partId}`, { encoding: "binary" }).then((response) => {
    if (response.status !== 200) read(response);
    const bytes = Uint8Array.from(response.body as string, (char) => char.charCodeAt(0));
    return cy.wrap(bytes, { log: false });
  }) as never;
});
