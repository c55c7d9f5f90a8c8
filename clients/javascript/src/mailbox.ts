// One mailbox: of the messages whose client logged in by its name.

import type { Clauses } from "./clauses.js";
import { QuestionNotUnderstood } from "./errors.js";
import type { Http } from "./http.js";
import { View } from "./view.js";

/** Where an application sends, and as whom. */
export interface Smtp {
  readonly host: string;
  readonly port: number;
  /** The name of the mailbox. */
  readonly user: string;
  /** Any does. */
  readonly password: string;
  /** All of it: `smtp://user:password@host:port`. */
  readonly url: string;
}

/** The variables by which most applications are told where to send. */
export interface SmtpEnv {
  readonly SMTP_HOST: string;
  readonly SMTP_PORT: string;
  readonly SMTP_USER: string;
  readonly SMTP_PASSWORD: string;
  readonly SMTP_URL: string;
}

const PASSWORD = "x";

/** A mailbox. Its mail is that of whoever logs in by its name; it comes into being by its first message. */
export class Mailbox extends View<Clauses> {
  readonly name: string;
  readonly smtp: Smtp;

  /** @internal */
  constructor(http: Http, name: string, door: { readonly host: string; readonly port: number }) {
    super(http, `/mailbox/${segment(name)}`);
    this.name = name;
    const { host, port } = door;
    const login = `${encodeURIComponent(name)}:${PASSWORD}`;
    this.smtp = Object.freeze({ host, port, user: name, password: PASSWORD, url: `smtp://${login}@${inUrl(host)}:${port}` });
  }

  /** The same as variables: `spawn("node", ["app.js"], { env: { ...process.env, ...mailbox.env } })`. */
  get env(): SmtpEnv {
    const { host, port, user, password, url } = this.smtp;
    return { SMTP_HOST: host, SMTP_PORT: String(port), SMTP_USER: user, SMTP_PASSWORD: password, SMTP_URL: url };
  }
}

/** A host as an address has it. */
export function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** A name as one segment of a path. */
export function segment(name: string): string {
  if (typeof name !== "string" || name === "") {
    throw new QuestionNotUnderstood(`The name of a mailbox is a text that is not empty; found ${name === "" ? "an empty one" : String(name)}.`);
  }
  if (name === "." || name === "..") throw new QuestionNotUnderstood(`"${name}" cannot be a mailbox: an address folds it away.`);
  if (/\0/.test(name)) throw new QuestionNotUnderstood("A mailbox cannot have a NUL in its name: no client can log in by it.");
  if (!name.isWellFormed()) throw new QuestionNotUnderstood("The name of the mailbox is no Unicode text: half of a pair of surrogates stands alone.");
  return encodeURIComponent(name);
}

/** A name that nobody else has: the letters and digits of a hint, and eight at random. */
export function freshName(hint: string): string {
  const slug = hint
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, HINT_LENGTH)
    .replace(/^-|-$/g, "");
  const random = Array.from(crypto.getRandomValues(new Uint32Array(8)), (number) => (number % 36).toString(36)).join("");
  return `${slug || "mailbox"}-${random}`;
}

const HINT_LENGTH = 40;
