// One Restante for all workers of a run: the global setup of Playwright, Vitest and Jest.

import { Restante } from "./restante.js";

/**
 * Opens a Restante and says in `RESTANTE_URL` where it is, so that every worker takes that one; answers how to close it.
 * Jest does not call what is answered; there it ends with the process.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const restante = await Restante.open();
  process.env["RESTANTE_URL"] = restante.url;
  return () => restante.close();
}
