// A running Restante: one that is there, or one of one's own.

import { Child } from "./child.js";
import type { AnywhereClauses } from "./clauses.js";
import { RestanteError } from "./errors.js";
import { Http } from "./http.js";
import { freshName, inUrl, Mailbox } from "./mailbox.js";
import { placed } from "./place.js";
import { View } from "./view.js";
import type { InfoJson } from "./wire.js";

/** Where SMTP is spoken, and whether with TLS: not at all, if the client asks for it, or from the first byte. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "implicit";
}

/** Where one is that nobody said anything about. */
const USUAL_URL = "http://localhost:8025";

/** A Restante, and the view of all its mailboxes. */
export class Restante extends View<AnywhereClauses> {
  /** Every door, plain ones first. */
  readonly doors: readonly Door[];
  readonly #child: Child | null;

  private constructor(http: Http, doors: readonly Door[], child: Child | null) {
    super(http, "");
    this.doors = Object.freeze(doors);
    this.#child = child;
  }

  /**
   * One that runs: at this address, else at that of `RESTANTE_URL`, else at `http://localhost:8025`. Mail is sent where it
   * says, or to the `host:port` of `RESTANTE_SMTP_ADDRESS`: a published port of a container, which it cannot know.
   */
  static connect(url?: string): Promise<Restante> {
    return placed(this.connect, () => Restante.#connected(url ?? (process.env["RESTANTE_URL"] || USUAL_URL)));
  }

  /** One of one's own on free ports, by the program of `RESTANTE_BIN`, else `restante` of the PATH; with these flags beside. */
  static start(args: readonly string[] = []): Promise<Restante> {
    return placed(this.start, () => Restante.#started(args));
  }

  /** The one of `RESTANTE_URL`, if that is set; else one of one's own. */
  static open(): Promise<Restante> {
    return placed(this.open, () => {
      const url = process.env["RESTANTE_URL"];
      return url ? Restante.#connected(url) : Restante.#started([]);
    });
  }

  /** The address of the page and of the API. */
  get url(): string {
    return this.http.base;
  }

  /** Where mail is sent without a login, and so into the mailbox `default`. */
  get smtp(): { readonly host: string; readonly port: number; readonly url: string } {
    const { host, port } = this.#plain();
    return { host, port, url: `smtp://${inUrl(host)}:${port}` };
  }

  /** The mailbox of this name, to the letter. */
  mailbox(name: string): Mailbox {
    try {
      return new Mailbox(this.http, name, this.#plain());
    } catch (error) {
      if (error instanceof Error) Error.captureStackTrace(error, this.mailbox);
      throw error;
    }
  }

  /** A mailbox that nobody else has, on any machine: its name is made of the hint and of eight random letters. */
  freshMailbox(hint = "mailbox"): Mailbox {
    return this.mailbox(freshName(hint));
  }

  /** Stops it, if it was started here; a second time does nothing. */
  async close(): Promise<void> {
    await this.#child?.stop();
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  static async #connected(url: string): Promise<Restante> {
    const http = new Http(url);
    const answer = await http.answer({ method: "GET", path: "/api/v1/info" });
    const info = read(answer.body);
    if (info?.Doors === undefined || info.Cursor === undefined) {
      throw http.nobody(`what answers there (${answer.status} to /api/v1/info) is something else`);
    }
    const said = process.env["RESTANTE_SMTP_ADDRESS"];
    const doors = said ? [door(said)] : info.Doors.map(({ Kind, Host, Port }) => ({ host: near(Host, http.host), port: Port, tls: TLS[Kind] ?? "none" }));
    return new Restante(http, doors, null);
  }

  static async #started(args: readonly string[]): Promise<Restante> {
    const child = await Child.start(args);
    return new Restante(new Http(child.line.http), child.line.smtp, child);
  }

  #plain(): Door {
    const door = this.doors.find(({ tls }) => tls === "none") ?? this.doors[0];
    if (door === undefined) throw new RestanteError(`The Restante at ${this.url} has no SMTP door; it was started with --smtp off.`);
    return door;
  }
}

/** Null if it is no JSON: what answers may be anything. */
function read(body: Buffer): Partial<InfoJson> | null {
  try {
    return JSON.parse(body.toString()) as Partial<InfoJson> | null;
  } catch {
    return null;
  }
}

const TLS: Readonly<Record<string, Door["tls"]>> = { smtp: "none", submission: "starttls", smtps: "implicit" };

/** A door on the server's own machine is on the one that the address names. */
function near(host: string, httpHost: string): string {
  return host === "localhost" ? httpHost : host;
}

/** `RESTANTE_SMTP_ADDRESS`. */
function door(text: string): Door {
  const url = URL.canParse(`smtp://${text}`) ? new URL(`smtp://${text}`) : null;
  if (!url?.hostname || !url.port) {
    throw new RestanteError(`RESTANTE_SMTP_ADDRESS is "${text}"; write it like localhost:2525.`);
  }
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port), tls: "none" };
}
