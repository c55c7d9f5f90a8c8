// What a test can ask of a message, and how it is said to the server.

import { QuestionNotUnderstood } from "./errors.js";

/**
 * A text that a message has. A string is contained, whatever the case; a whole address is meant as a whole. `equals` is to
 * the letter. `regex` is the server's own regular expression (Rust's `regex`), whatever the case unless it says `(?-i)`;
 * a `RegExp` is turned into one that minds the case as the `RegExp` does.
 */
export type Text = string | RegExp | { readonly contains: string } | { readonly equals: string } | { readonly regex: string | RegExp };

/** All of a list must be there. */
export type Texts = Text | readonly Text[];

/** Milliseconds, or a text with its unit. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m`;

/** One attachment, by what is known of it. The digest is MD5, SHA-1 or SHA-256, in hexadecimal. */
export interface AttachmentClause {
  readonly name?: Text;
  readonly type?: Text;
  readonly digest?: string;
}

/** What a message must be like: all of it. */
export interface Clauses {
  /** The search language of the page: `from:billing@ (subject:invoice OR has:attachment)`. */
  readonly query?: string;
  /** An author, or the sender of the envelope. */
  readonly from?: Texts;
  /** A recipient, in the field or in the envelope. */
  readonly to?: Texts;
  readonly cc?: Texts;
  readonly bcc?: Texts;
  readonly replyTo?: Texts;
  /** An address of MAIL FROM or RCPT TO, whatever the fields say. */
  readonly envelope?: Texts;
  readonly subject?: Texts;
  /** The text or the HTML. */
  readonly body?: Texts;
  readonly messageId?: Texts;
  /** Fields by name; `true` if one must only be there. */
  readonly header?: { readonly [field: string]: Texts | true };
  readonly tag?: string | readonly string[];
  /** Whether there is one, its name, or what it is like; of a list each. */
  readonly attachment?: boolean | string | RegExp | AttachmentClause | readonly (string | RegExp | AttachmentClause)[];
  /** Bytes, or a text such as `100kb`. */
  readonly size?: { readonly larger?: number | string; readonly smaller?: number | string };
  /** Whether anything was odd, or the ids of what was. */
  readonly findings?: boolean | string | readonly string[];
  /** Whether a strict server would refuse it. */
  readonly refusable?: boolean;
  /** Only what came after this cursor, after this time, or after `"now"`. */
  readonly since?: string | Date;
  /** How long to wait: 3 s if it is left out, 300 s at most. A number is milliseconds. */
  readonly timeout?: Duration;
}

/** What can be asked of all mailboxes: also in which one it must be. */
export interface AnywhereClauses extends Clauses {
  readonly mailbox?: string;
}

/** Members of a question as the server reads it. */
export type Question = { [member: string]: unknown };

/** How many messages there must be. */
export type Expected = { readonly count: number } | { readonly exactly: number } | { readonly none: Duration };

/** How long the server waits if it is not told, in milliseconds. */
const TIMEOUT = 3_000;
/** How long it waits at most. */
const TIMEOUT_MAX = 300_000;

/** What each of the words is asked by. */
const ASKED_BY: Readonly<Record<string, string>> = {
  count: "atLeast(2, { … })",
  exactly: "exactly(1, { … })",
  none: "none({ … }, 500)",
};

/** Clauses as the server reads them. What it does not know it refuses itself, by name. */
export function question(clauses: Clauses, expected?: Expected): Question {
  if (typeof clauses !== "object" || clauses === null || Array.isArray(clauses) || clauses instanceof RegExp) {
    throw new QuestionNotUnderstood(`Clauses are an object, such as { to: "ann@app.test" }; found ${shown(clauses)}.`);
  }
  const asked: Question = {};
  for (const [name, value] of Object.entries(clauses)) {
    const call = ASKED_BY[name];
    if (call !== undefined) throw new QuestionNotUnderstood(`"${name}" is no clause; ask by ${call}.`);
    if (name === "timeout" || name === "since") {
      // Left out is a value of these: the server has its own.
      if (value !== undefined) asked[name] = name === "timeout" ? duration(value) : instant(value);
    } else {
      asked[name] = said(name, value);
    }
  }
  if (expected === undefined) return asked;
  return { ...asked, ...("none" in expected ? { none: duration(expected.none) } : expected) };
}

/** How long the server may hold a question, in milliseconds. */
export function heldFor(question: Question): number {
  const time = question["none"] ?? question["timeout"];
  if (time === undefined) return TIMEOUT;
  const [, number, unit] = /^([\d.]+)(ms|s|m)$/.exec(String(time)) ?? [];
  const milliseconds = Number(number) * (unit === "ms" ? 1 : unit === "s" ? 1_000 : 60_000);
  // What is not read here the server reads otherwise, or refuses at once.
  return milliseconds <= TIMEOUT_MAX ? milliseconds : TIMEOUT_MAX;
}

function duration(time: unknown): unknown {
  return typeof time === "number" ? `${time}ms` : time;
}

function instant(time: unknown): unknown {
  if (!(time instanceof Date)) return time;
  if (Number.isNaN(time.getTime())) throw new QuestionNotUnderstood("since is a Date that is not valid.");
  return time.toISOString();
}

/** A value as JSON has it. Undefined is refused: left out, as JSON would, any message could answer. */
function said(path: string, value: unknown): unknown {
  if (value === undefined) throw new QuestionNotUnderstood(`${path} is undefined; leave it out to ask for any.`);
  if (value instanceof RegExp) {
    const regex = expression(value);
    if (path === "attachment") return { name: { regex } };
    return path.endsWith(".regex") ? regex : { regex };
  }
  if (Array.isArray(value)) return value.map((each) => said(path, each));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, said(`${path}.${name}`, inner)]));
  }
  return value;
}

/**
 * A `RegExp` in the server's syntax. It ignores case unless told otherwise, so the absence of `i` is told; `m` and `s` are
 * carried over, and with `m` a line ends before CRLF too, as it does for JavaScript and as the lines of a mail end. `g`, `d`,
 * `u` and `v` change nothing of whether a text fits: the server's are always of Unicode.
 */
export function expression(regex: RegExp): string {
  if (regex.sticky) throw new QuestionNotUnderstood(`${String(regex)}: the flag y has no meaning here; leave it out, or begin with ^.`);
  const on = (regex.multiline ? "mR" : "") + (regex.dotAll ? "s" : "");
  const flags = on + (regex.ignoreCase ? "" : "-i");
  return flags === "" ? regex.source : `(?${flags})${regex.source}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "a list" : String(value);
}
