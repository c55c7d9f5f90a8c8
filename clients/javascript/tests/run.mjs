// Programs that a test runs, with nothing of the test's own runner around them.

import { spawn } from "node:child_process";

/** The folder with the runners, and with the client as it is published. */
export const { RUNNERS, PROJECTS, PACKAGE } = process.env;

/** What it printed on both streams, and its exit code. */
export function run(program, args, { cwd, env = {} }) {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, FORCE_COLOR: _colour, CI: _ci, ...outside } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program === "node" ? process.execPath : program, args, {
      cwd,
      env: { ...outside, NO_COLOR: "1", TERM: "dumb", COLUMNS: "100", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 200_000,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
