// Debian's Chromium, and as root, who has no sandbox.
export const launchOptions = { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] };
