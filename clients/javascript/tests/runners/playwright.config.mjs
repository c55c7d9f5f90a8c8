import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: /\.spec\.mjs$/,
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  outputDir: process.env.PLAYWRIGHT_OUTPUT,
  ...(process.env.ONE_FOR_ALL && { globalSetup: "restante/setup" }),
  use: { launchOptions: { executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] } },
});
