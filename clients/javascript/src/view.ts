// The mail of one mailbox, or of all of them, and what can be asked of it.

import { asked } from "./asked.js";
import { heldFor, question, type Clauses, type Duration, type Expected, type Question } from "./clauses.js";
import { QuestionNotUnderstood, RestanteError } from "./errors.js";
import type { Http } from "./http.js";
import { Message } from "./message.js";
import { placed } from "./place.js";
import type { InfoJson, MessageJson, SummaryJson } from "./wire.js";

/** What can be said beside a question. */
export interface WaitOptions {
  /** Gives the wait up; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How long `none` watches if it is not told. */
const NONE_FOR: Duration = "500ms";
/** How many messages a list fetches at once. */
const FETCHED_AT_ONCE = 8;

/** The mail of one mailbox, or of all of them. */
export abstract class View<C extends Clauses = Clauses> {
  /** @internal */
  protected readonly http: Http;
  readonly #mount: string;

  /** @internal */
  protected constructor(http: Http, mount: string) {
    this.http = http;
    this.#mount = mount;
    Object.defineProperty(this, "http", { enumerable: false });
  }

  /** The address of the page that shows this mail. */
  get httpUrl(): string {
    return `${this.http.base}${this.#mount}/`;
  }

  /**
   * The oldest message like this: at once if it is there, else as soon as it comes.
   *
   * Rejects with `WaitFailed` when none came within `timeout` (3 s if it is left out).
   */
  wait(clauses: C = {} as C, options: WaitOptions = {}): Promise<Message> {
    const work = placed(this.wait, async () => {
      const json = await this.#ask<MessageJson>(question(clauses), options);
      return this.#message(json, json.Cursor);
    });
    return named(asked(this, this.wait, work));
  }

  /** The oldest `count` messages like this, the oldest first, as soon as there are so many. */
  atLeast(count: number, clauses: C = {} as C, options: WaitOptions = {}): Promise<Message[]> {
    return asked(this, this.atLeast, placed(this.atLeast, () => this.#several(clauses, { count }, options)));
  }

  /** So many messages like this, the oldest first, and for 200 ms no other. */
  exactly(count: number, clauses: C = {} as C, options: WaitOptions = {}): Promise<Message[]> {
    return asked(this, this.exactly, placed(this.exactly, () => this.#several(clauses, { exactly: count }, options)));
  }

  /** That no message like this is there, nor comes within this time. */
  none(clauses: Omit<C, "timeout"> = {} as C, time: Duration = NONE_FOR, options: WaitOptions = {}): Promise<void> {
    const work = placed(this.none, async () => {
      if (typeof clauses === "object" && clauses !== null && "timeout" in clauses) throw new QuestionNotUnderstood("none has no timeout; say how long after the clauses: none({ … }, 500).");
      await this.#several(clauses as C, { none: time }, options);
    });
    return asked(this, this.none, work);
  }

  /** What is there, whole, the newest first: all of it, or what a search finds; at most `limit` (50) of it. */
  messages(query = "", { limit = 50 }: { readonly limit?: number } = {}): Promise<Message[]> {
    return placed(this.messages, async () => {
      const search = query === "" ? "messages?" : `search?query=${encodeURIComponent(query)}&`;
      const list = await this.#get<{ messages: SummaryJson[] }>(`/${search}limit=${limit}`);
      const found: (Message | null)[] = [];
      for (let at = 0; at < list.messages.length; at += FETCHED_AT_ONCE) {
        const some = list.messages.slice(at, at + FETCHED_AT_ONCE);
        found.push(...(await Promise.all(some.map(({ ID }) => this.#find(ID)))));
      }
      // One that was deleted meanwhile is not there.
      return found.filter((message) => message !== null);
    });
  }

  /** The newest message that is there, perhaps of those that a search finds; null if there is none. It does not wait. */
  latest(query = ""): Promise<Message | null> {
    return placed(this.latest, () => this.#find("latest", query));
  }

  /** The message with this id; null if it is not there. */
  message(id: string): Promise<Message | null> {
    return placed(this.message, () => this.#find(id));
  }

  /** Where the order of arrival stands, for `since`: taken before sending, it leaves out what came before. */
  cursor(): Promise<string> {
    return placed(this.cursor, async () => (await this.#get<InfoJson>("/info")).Cursor);
  }

  /** Deletes every message that is seen here, and no other. */
  clear(): Promise<void> {
    return placed(this.clear, async () => {
      await this.http.bytes({ method: "DELETE", path: `${this.#mount}/api/v1/messages` });
    });
  }

  /** Hands in a message by its source, without SMTP, and answers its id. The envelope is read from its fields, if it is not said. */
  deliver(source: string | Uint8Array, envelope: { readonly from?: string; readonly to?: string | readonly string[] } = {}): Promise<string> {
    return placed(this.deliver, async () => {
      const said = new URLSearchParams();
      if (envelope.from !== undefined) said.append("from", envelope.from);
      for (const to of [envelope.to ?? []].flat()) said.append("to", to);
      const path = `${this.#mount}/api/v1/messages?${said}`;
      return (await this.http.json<{ ID: string }>({ method: "POST", path, body: source })).ID;
    });
  }

  async #several(clauses: C, expected: Expected, options: WaitOptions): Promise<Message[]> {
    const answer = await this.#ask<{ Messages: MessageJson[]; Cursor: string }>(question(clauses, expected), options);
    return answer.Messages.map((json) => this.#message(json, answer.Cursor));
  }

  #ask<T>(asked: Question, { signal }: WaitOptions): Promise<T> {
    const path = `${this.#mount}/api/v1/wait`;
    return this.http.json<T>({ method: "POST", path, body: JSON.stringify(asked), held: heldFor(asked), signal });
  }

  #get<T>(path: string): Promise<T> {
    return this.http.json<T>({ method: "GET", path: `${this.#mount}/api/v1${path}` });
  }

  async #find(id: string, query = ""): Promise<Message | null> {
    const search = query === "" ? "" : `?query=${encodeURIComponent(query)}`;
    const path = `${this.#mount}/api/v1/message/${encodeURIComponent(id)}${search}`;
    const answer = await this.http.answer({ method: "GET", path });
    const text = answer.body.toString();
    if (answer.status === 404) return null;
    if (answer.status === 400) throw new QuestionNotUnderstood(text);
    if (answer.status !== 200) throw new RestanteError(`GET ${this.http.base}${path} was answered by ${answer.status}: ${text}`);
    return this.#message(JSON.parse(text) as MessageJson);
  }

  #message(json: MessageJson, cursor?: string): Message {
    return new Message(this.http, json, cursor);
  }
}

/** What a test reads of a message first. */
const READ_FIRST = ["subject", "from", "to", "text", "html", "code", "codes", "link", "links", "attachments", "header", "headers"] as const;

/** A promise that says so when it is taken for its message: `undefined` would send its reader looking for a mail that is there. */
function named(promise: Promise<Message>): Promise<Message> {
  for (const name of READ_FIRST) {
    const get = () => {
      // The test fails by this; what the wait itself comes to is then no news.
      promise.catch(() => {});
      const error = new TypeError(`This is the promise of a message, so it has no ${name} yet: write \`await\` before wait(…).`);
      Error.captureStackTrace(error, get);
      throw error;
    };
    Object.defineProperty(promise, name, { get });
  }
  return promise;
}
