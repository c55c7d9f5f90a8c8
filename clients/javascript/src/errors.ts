// What can go wrong, each with the sentence that its reader sees.

import type { ProblemJson, SessionJson, SummaryJson } from "./wire.js";

/** A near miss: a message that arrived, and each clause that it does not fit. */
export interface NearMiss {
  readonly message: SummaryJson;
  readonly failed: readonly { readonly clause: string; readonly expected: string; readonly found: string }[];
}

/**
 * A wait that was not answered: too few messages after its time, or more than there should be.
 *
 * Its message is the explanation of the server, and says what came close. The same stands in the members, for programs.
 * They are no properties of its own: runners print those, and a page of JSON would hide the explanation.
 */
export class WaitFailed extends Error {
  readonly #problem: ProblemJson;

  /** @internal */
  constructor(problem: ProblemJson) {
    super(problem.detail);
    this.#problem = problem;
  }

  /** Whether there was more than asked for, rather than too little. */
  get tooMany(): boolean {
    return this.#problem.status === 409;
  }

  /** What was expected, such as `at least 1`. Not named `expected`: Mocha and others would take it for one side of a diff. */
  get expectation(): string {
    return this.#problem.expected ?? "";
  }

  /** Messages that fit, if they were too few or too many. */
  get found(): readonly SummaryJson[] {
    return this.#problem.found ?? [];
  }

  /** Messages that arrived and did not fit, the nearest first. */
  get nearMisses(): readonly NearMiss[] {
    return this.#problem.nearMisses ?? [];
  }

  /** Messages that fit and came before `since`. */
  get earlier(): readonly SummaryJson[] {
    return this.#problem.earlier ?? [];
  }

  /** Messages that fit and are in another mailbox. */
  get elsewhere(): readonly SummaryJson[] {
    return this.#problem.elsewhere ?? [];
  }

  /** Connections that broke off meanwhile. */
  get sessions(): readonly SessionJson[] {
    return this.#problem.sessions ?? [];
  }

  /** How many messages arrived, whether they fit or not. */
  get arrivedCount(): number {
    return this.#problem.arrivedCount ?? 0;
  }

  /** What Vitest shows of it between processes: it would print all members of one that nobody awaited. */
  toJSON(): { readonly name: string; readonly message: string; readonly stack: string | undefined } {
    return { name: this.name, message: this.message, stack: this.stack };
  }

  /** The whole answer, as it came. */
  get problem(): ProblemJson {
    return this.#problem;
  }
}

/** A question that cannot be asked: a clause is misspelt, or its value is not one. */
export class QuestionNotUnderstood extends TypeError {}

/** No Restante answers, none can be started, or it answers what it should not. */
export class RestanteError extends Error {}

for (const [kind, name] of [
  [WaitFailed, "WaitFailed"],
  [QuestionNotUnderstood, "QuestionNotUnderstood"],
  [RestanteError, "RestanteError"],
] as const) {
  Object.defineProperty(kind.prototype, "name", { value: name, writable: true, configurable: true });
}
