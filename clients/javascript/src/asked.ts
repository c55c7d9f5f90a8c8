// The promise of an answer, which knows whether anybody waits for it. A test that forgets `await` passes, whatever comes.

import { frames } from "./place.js";

/** What was asked and not awaited, by who was asked. */
const floating = new WeakMap<object, Set<Asked<unknown>>>();

/** A promise that leaves the list of those that float as soon as somebody waits for it. */
class Asked<T> extends Promise<T> {
  /** What is made of it by `then` is an ordinary one. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  owner: object | null = null;
  at: Error | null = null;

  // Also called by `await`, as it is for every promise that is not just a Promise.
  override then<A = T, B = never>(
    good?: ((value: T) => A | PromiseLike<A>) | null,
    bad?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this.owner !== null) floating.get(this.owner)?.delete(this);
    return super.then(good, bad);
  }
}

/** Keeps an eye on a question that `entry` of this owner asked. */
export function asked<T>(owner: object, entry: (...args: never[]) => unknown, work: Promise<T>): Promise<T> {
  const asked = new Asked<T>((resolve, reject) => void work.then(resolve, reject));
  const at = new Error();
  Error.captureStackTrace(at, entry);
  // Not enumerable: a runner may print the promise.
  Object.defineProperty(asked, "owner", { value: owner, enumerable: false });
  Object.defineProperty(asked, "at", { value: at, enumerable: false });
  const all = floating.get(owner) ?? new Set();
  floating.set(owner, all.add(asked));
  return asked;
}

/** An error for the first question that nobody waits for; null if there is none. From then on they fail no one else's test. */
export function unawaited(owner: object): Error | null {
  const all = [...(floating.get(owner) ?? [])];
  floating.delete(owner);
  for (const each of all) each.catch(() => {});
  const at = all[0]?.at;
  if (at == null) return null;
  const error = new Error("This was asked, and nobody waited for the answer: write `await` before it.");
  error.stack = `${error.name}: ${error.message}\n${frames(at)}`;
  return error;
}
