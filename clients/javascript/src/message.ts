// A message of a Node test: what came with it, and what is fetched when it is asked for.

import type { Http } from "./http.js";
import { mail, part, type Mail, type Part } from "./mail.js";
import { placed } from "./place.js";
import type { MessageJson, PartJson } from "./wire.js";

/** A part whose bytes can be had. */
export interface Attachment extends Part {
  /** Its bytes, transfer encoding undone. */
  bytes(): Promise<Buffer>;
}

// The members of a mail are those of a message.
export interface Message extends Mail<Attachment> {}

/** A message that was caught. It does not change; what it does not hold is fetched, while the server still has it. */
export class Message {
  readonly #http: Http;
  readonly #json: MessageJson;

  /** @internal */
  constructor(http: Http, json: MessageJson, cursor: string | null = null) {
    this.#http = http;
    this.#json = json;
    Object.assign(this, mail(json, cursor, (part) => this.#attachment(part)));
    freeze(this);
  }

  /** The first field of this name, whatever the case: unfolded and decoded. Null if there is none. */
  header(name: string): Promise<string | null> {
    return placed(this.header, async () => {
      const wanted = name.toLowerCase();
      const fields = Object.entries(await this.#fetchHeaders("?decoded=1"));
      return fields.find(([field]) => field.toLowerCase() === wanted)?.[1][0] ?? null;
    });
  }

  /** Every field by its name, written like `Message-Id`: unfolded, and otherwise as sent. */
  headers(): Promise<Readonly<Record<string, readonly string[]>>> {
    return placed(this.headers, () => this.#fetchHeaders(""));
  }

  /** The source, byte for byte as it was sent. */
  raw(): Promise<Buffer> {
    return placed(this.raw, () => this.#fetch("/raw"));
  }

  /** The source as a text; bytes that are not UTF-8 are replaced. */
  source(): Promise<string> {
    return placed(this.source, async () => (await this.#fetch("/raw")).toString());
  }

  /** The message as the server wrote it, for what has no name here. */
  get json(): MessageJson {
    return this.#json;
  }

  async #fetchHeaders(how: string): Promise<Record<string, string[]>> {
    return JSON.parse((await this.#fetch(`/headers${how}`)).toString()) as Record<string, string[]>;
  }

  #fetch(what: string): Promise<Buffer> {
    return this.#http.bytes({ method: "GET", path: `/api/v1/message/${encodeURIComponent(this.#json.ID)}${what}` });
  }

  #attachment(json: PartJson): Attachment {
    const bytes = () => placed(bytes, () => this.#fetch(`/part/${encodeURIComponent(json.PartID)}`));
    // Not enumerable: two attachments that are alike are equal to a test.
    return Object.defineProperty(part(json), "bytes", { value: bytes }) as Attachment;
  }
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}
