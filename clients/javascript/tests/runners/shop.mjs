// The application: it is told by the environment where to send, and has a page to sign up at.

import { createServer } from "node:http";
import nodemailer from "nodemailer";

/** Sends as the environment says, or as it is told. */
export async function sendMail(mail, env = process.env) {
  const transport = nodemailer.createTransport({
    host: env.SMTP_HOST,
    port: Number(env.SMTP_PORT),
    auth: { user: env.SMTP_USER, pass: env.SMTP_PASSWORD },
  });
  await transport.sendMail({ from: "hello@shop.test", ...mail });
  transport.close();
}

const FORM = '<form method="post"><label>Address <input name="address"></label><button>Sign up</button></form>';
const CODE = '<form method="post" action="/confirm"><label>Code <input name="code"></label><button>Confirm</button></form>';

/** The shop on a free port: who signs up gets a link and a code, and is let in by both. */
export async function open(env, subject = "Welcome to the shop") {
  const codes = new Set();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const html = (text) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>Shop</title>${text}`);
    if (request.method === "GET") return html(request.url.startsWith("/confirm") ? CODE : FORM);
    if (request.url === "/confirm") return html(codes.has(form.get("code")) ? "<h1>You are in</h1>" : "<h1>Wrong code</h1>");
    const code = String(Math.floor(100_000 + Math.random() * 900_000));
    codes.add(code);
    const link = `http://localhost:${server.address().port}/confirm?token=${code}${code}`;
    // Answered before it is sent, as by a shop with a queue.
    html("<h1>Look into your mail</h1>");
    await sendMail({ to: form.get("address"), subject, html: `<p>Your code is <b>${code}</b>.</p><p><a href="${link}">Confirm your address</a></p>` }, env);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { url: `http://localhost:${server.address().port}/`, close: () => new Promise((resolve) => server.close(resolve)) };
}
