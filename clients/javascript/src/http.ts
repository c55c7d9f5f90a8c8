// Requests to a Restante. By node:http and not by fetch: tests replace fetch, jsdom has none, and that of Node gives an
// answer up after 300 s, which is as long as a question may be held.

import { request as requestHttp, type ClientRequest, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { QuestionNotUnderstood, RestanteError, WaitFailed } from "./errors.js";
import type { ProblemJson } from "./wire.js";

/** What is asked. The path comes percent-encoded. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: string | Uint8Array;
  /** How long the server may take by itself, in milliseconds. */
  readonly held?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly isJson: boolean;
  readonly body: Buffer;
}

/** How much longer than a question is held its answer may take, in milliseconds. */
const MARGIN = 10_000;

export class Http {
  /** Without a slash at its end. */
  readonly base: string;
  readonly #url: URL;

  constructor(base: string) {
    this.#url = address(base);
    this.base = this.#url.origin + this.#url.pathname.replace(/\/+$/, "");
  }

  /** The host of the address, without the brackets of IPv6. */
  get host(): string {
    return this.#url.hostname.replace(/^\[(.*)\]$/, "$1");
  }

  async json<T>(call: Call): Promise<T> {
    const answer = await this.bytes(call);
    try {
      return JSON.parse(answer.toString()) as T;
    } catch {
      throw new RestanteError(`${this.#asked(call)} was answered with no JSON: ${start(answer)}`);
    }
  }

  /** The body of a good answer; every other is an error that says what it says. */
  async bytes(call: Call): Promise<Buffer> {
    const answer = await this.answer(call);
    if (answer.status < 300) return answer.body;
    const problem = answer.isJson ? readProblem(answer.body) : undefined;
    if (problem !== undefined && /\/wait-(timed-out|too-many)$/.test(problem.type)) throw new WaitFailed(problem);
    const detail = problem?.detail ?? start(answer.body);
    if (answer.status === 400) throw new QuestionNotUnderstood(detail);
    throw new RestanteError(`${this.#asked(call)} was answered by ${answer.status}: ${detail}`);
  }

  /** Any answer. Each has a connection of its own: as many questions are held at once as are asked, and none is stale. */
  answer(call: Call): Promise<Answer> {
    const { signal } = call;
    return new Promise<Answer>((resolve, reject) => {
      signal?.throwIfAborted();
      const send = this.#url.protocol === "https:" ? requestHttps : requestHttp;
      const options: RequestOptions = {
        // A name's dots would be folded away in a URL, so the path is given as it is.
        host: this.host,
        port: this.#url.port,
        path: this.#url.pathname.replace(/\/+$/, "") + call.path,
        method: call.method,
        agent: false,
        ...(this.#url.username && { auth: `${decodeURIComponent(this.#url.username)}:${decodeURIComponent(this.#url.password)}` }),
      };
      const timeout = (call.held ?? 0) + MARGIN;
      const fail = (error: Error) =>
        reject(signal?.aborted ? (signal.reason as Error) : error instanceof RestanteError ? error : this.nobody(error));
      const request = send(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            isJson: /json/.test(response.headers["content-type"] ?? ""),
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.setTimeout(timeout, () =>
        request.destroy(new RestanteError(`${this.#asked(call)} was not answered within ${timeout / 1_000} s.`)),
      );
      request.on("error", fail);
      if (signal !== undefined) giveUpWith(signal, request);
      request.end(call.body);
    });
  }

  /** That no Restante is there. */
  nobody(why: Error | string): RestanteError {
    const sentence = typeof why === "string" ? why : reason(why);
    // Without the error of the socket as its cause: runners print that at length, and it says no more.
    return new RestanteError(
      `No Restante answers at ${this.base}: ${sentence}. Start one ("restante"), or say where it is in RESTANTE_URL.`,
    );
  }

  #asked(call: Call): string {
    return `${call.method} ${this.base}${call.path}`;
  }
}

/** The requests that end with a signal. It is listened to once: it warns of more than ten listeners. */
const endWith = new WeakMap<AbortSignal, Set<ClientRequest>>();

function giveUpWith(signal: AbortSignal, request: ClientRequest): void {
  const known = endWith.get(signal);
  const all = known ?? new Set<ClientRequest>();
  if (known === undefined) {
    endWith.set(signal, all);
    signal.addEventListener("abort", () => all.forEach((each) => each.destroy(new Error("aborted"))), { once: true });
  }
  all.add(request);
  request.once("close", () => all.delete(request));
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new RestanteError(`"${text}" is not the address of a Restante; write it like http://localhost:8025.`);
  }
  return url;
}

/** Why a connection failed, in words. */
function reason(error: Error & { code?: string; errors?: unknown[] }): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "the connection was refused";
    case "ECONNRESET":
      return "the connection broke off";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its host name is not known";
    case "ETIMEDOUT":
      return "the connection was not made in time";
    default:
      return error.code?.startsWith("HPE_") ? "what listens there does not speak HTTP" : error.message || String(error.code);
  }
}

function readProblem(body: Buffer): ProblemJson | undefined {
  try {
    const problem = JSON.parse(body.toString()) as ProblemJson;
    return typeof problem.detail === "string" && typeof problem.type === "string" ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** Enough of a body to know it by. */
function start(body: Buffer): string {
  const text = body.toString().trim();
  return text.length > 500 ? `${text.slice(0, 500)}…` : text || "(nothing)";
}
