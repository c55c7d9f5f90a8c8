// The line of a test that an error is about.

import { QuestionNotUnderstood, RestanteError, WaitFailed } from "./errors.js";

/**
 * Does the work, and lets its errors point at who called `entry`. An error is made after its answer has come, when the test
 * is no longer on the stack, so the place is taken down before.
 */
export function placed<T>(entry: (...args: never[]) => unknown, work: () => Promise<T>): Promise<T> {
  const at = new Error();
  Error.captureStackTrace(at, entry);
  return work().catch((error: unknown) => {
    // What aborted a wait is somebody else's error.
    if (error instanceof WaitFailed || error instanceof QuestionNotUnderstood || error instanceof RestanteError) {
      error.stack = `${error.name}: ${error.message}\n${frames(at)}`;
    }
    throw error;
  });
}

/** Where the test called, without how Node came to call the test. */
export function frames({ stack = "" }: Error): string {
  const lines = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const theirs = lines.filter((line) => !/[( ]node:/.test(line));
  return (theirs.length > 0 ? theirs : lines).join("\n");
}
