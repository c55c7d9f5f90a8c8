// A running restante on free ports, for the clients that were written for Mailpit.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const binary = resolve(process.env.RESTANTE_BIN ?? "../../../target/debug/restante");

/** Answers where it is, a way to break off a connection, and the way to stop it. */
export async function start() {
  const folder = mkdtempSync(join(tmpdir(), "restante-"));
  const file = join(folder, "ready.json");
  const doors = ["--smtp", "0", "--submission", "0", "--smtps", "0", "--http", "0"];
  const child = spawn(binary, [...doors, "--tls-dir", join(folder, "tls"), "--ready-file", file], { stdio: "ignore" });
  for (let tries = 0; !existsSync(file); tries++) {
    assert.ok(tries < 3000 && child.exitCode === null, "restante is not ready");
    await sleep(10);
  }
  const ready = JSON.parse(readFileSync(file, "utf8"));
  const port = ready.smtp.find((door) => door.tls === "none").port;
  const breakOff = () =>
    new Promise((done) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("data", () => socket.end("EHLO x\r\nMAIL FROM:<a@app.test>\r\n"));
      socket.on("close", done);
    });
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { http: ready.http, breakOff, stop };
}

/** The smallest picture: one red pixel. */
export const GIF = Buffer.from("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b", "hex");
