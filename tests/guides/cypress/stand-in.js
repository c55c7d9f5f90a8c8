// Runs one spec without Cypress: the support file's commands and the spec, with stand-ins for `cy` and `Cypress`.

import { execFileSync } from "node:child_process";
import { standIn } from "./cypress-stand-in.mjs";
import { signUp } from "./src/shop.js";

const [spec] = process.argv.slice(2);
const { default: config } = await import("./cypress.config.js");
const { its } = standIn({
  env: config.env,
  spec,
  click: (_, typed) => signUp(typed["[name=address]"]),
});

const options = ["--noEmit", "false", "--rootDir", ".", "--outDir", "made"];
execFileSync("node_modules/.bin/tsc", ["-p", ".", ...options], { stdio: "inherit" });
await import("./made/cypress/support/e2e.js");
await import(`./made/${spec.replace(/ts$/, "js")}`);
for (const { name, run } of its) {
  await run();
  console.log(`passed: ${name}`);
}
console.log(`  ${its.length} passing`);
