// What every test file has: a Restante of its own, and a way to send by SMTP.

import { after } from "node:test";
import nodemailer from "nodemailer";
import { Restante } from "restante";

/** A child that ends with the test file. */
export async function started(args) {
  const restante = await Restante.start(args);
  after(() => restante.close());
  return restante;
}

/** Sends as an application does, with the login of the mailbox. */
export async function send({ smtp }, mail = {}) {
  const transport = nodemailer.createTransport({ host: smtp.host, port: smtp.port, auth: smtp.user && { user: smtp.user, pass: smtp.password } });
  try {
    return await transport.sendMail({ from: "hello@shop.test", to: "ann@app.test", subject: "Welcome", text: "Good day.", ...mail });
  } finally {
    transport.close();
  }
}
