// A Restante of one's own, as a child: it says in one line where it is, and ends when its standard input does.

import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { RestanteError } from "./errors.js";
import type { LineJson } from "./wire.js";

/** How long a child may take to say where it is, in milliseconds. */
const READY_WITHIN = 30_000;
/** How long it may take to end, in milliseconds. */
const ENDS_WITHIN = 5_000;
/** How much of what it says on standard error is kept to explain its end. */
const SAID_MAX = 16_000;

/** A child that is ready. */
export class Child {
  readonly line: LineJson;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(line: LineJson, process: ChildProcess, ended: Promise<void>) {
    this.line = line;
    this.#process = process;
    this.#ended = ended;
  }

  /** Starts `RESTANTE_BIN`, or `restante` of the PATH. */
  static async start(args: readonly string[]): Promise<Child> {
    const said = process.env["RESTANTE_BIN"];
    const binary = said || "restante";
    const child = spawn(binary, ["--attached", ...args], { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
    const ended = new Promise<void>((resolve) => {
      child.once("error", () => resolve());
      child.once("close", () => resolve());
    });
    child.stdin.on("error", () => {});
    try {
      const line = await ready(child, binary, said);
      // None of these keeps a test process from ending, and the child ends with it.
      child.unref();
      for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as unknown as Socket).unref();
      return new Child(line, child, ended);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Stops it, and waits until it has ended. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    child.stdin?.end();
    const killer = setTimeout(() => child.kill("SIGKILL"), ENDS_WITHIN);
    await this.#ended;
    clearTimeout(killer);
  }
}

/** Its line. Everything after it, and all that it says on standard error, is read and dropped, lest it fills the pipe. */
function ready(child: ChildProcess, binary: string, said: string | undefined): Promise<LineJson> {
  return new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    let settled = false;
    const settle = (error: RestanteError | null, line?: LineJson) => {
      if (settled) return;
      settled = true;
      clearTimeout(late);
      if (error === null) resolve(line as LineJson);
      else reject(error);
    };
    const late = setTimeout(() => {
      settle(new RestanteError(`${binary} did not say where it is within ${READY_WITHIN / 1_000} s.${quoted(errors)}`));
    }, READY_WITHIN);
    child.stderr?.on("data", (chunk: Buffer) => {
      if (!settled) errors = (errors + chunk.toString()).slice(-SAID_MAX);
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      if (settled) return;
      output += chunk.toString();
      const end = output.indexOf("\n");
      if (end < 0) return;
      const line = readLine(output.slice(0, end));
      if (line === null) {
        settle(new RestanteError(`${binary} is no Restante that knows --attached; it said:${quoted(output)}`));
      } else {
        settle(null, line);
      }
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      const sentence = said
        ? `RESTANTE_BIN is "${said}", and that cannot be started: ${error.code === "ENOENT" ? "there is no such program" : error.message}.`
        : error.code === "ENOENT"
          ? 'There is no "restante" on the PATH. Install it, say where it is in RESTANTE_BIN, or say in RESTANTE_URL where one runs.'
          : `"restante" cannot be started: ${error.message}.`;
      settle(new RestanteError(sentence));
    });
    child.once("close", (code, signal) => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      settle(new RestanteError(`${binary} ended ${how} before it was ready.${quoted(errors || output)}`));
    });
  });
}

function readLine(text: string): LineJson | null {
  try {
    const line = JSON.parse(text) as LineJson;
    return typeof line.http === "string" && Array.isArray(line.smtp) ? line : null;
  } catch {
    return null;
  }
}

function quoted(text: string): string {
  return text.trim() === "" ? "" : `\n${text.trimEnd()}`;
}
