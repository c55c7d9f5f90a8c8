// The application: a page to sign up at. It sends to where its environment says, and prints its address when it is ready.

import { createServer } from "node:http";
import nodemailer from "nodemailer";

const { SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, PORT = "3000" } = process.env;
const mail = nodemailer.createTransport({ host: SMTP_HOST, port: Number(SMTP_PORT), auth: { user: SMTP_USER, pass: SMTP_PASSWORD } });
const codes = new Set();

const SIGN_UP = '<form method="post"><label>Address <input name="address"></label><button>Sign up</button></form>';
const CONFIRM = '<form method="post" action="/confirm"><label>Code <input name="code"></label><button>Confirm</button></form>';

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  const show = (html) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>Shop</title>${html}`);
  const confirms = request.url.startsWith("/confirm");
  if (request.method === "GET") return show(confirms ? CONFIRM : SIGN_UP);
  if (confirms) return show(codes.has(form.get("code")) ? "<h1>You are in</h1>" : "<h1>Wrong code</h1>");
  const code = String(Math.floor(100_000 + Math.random() * 900_000));
  codes.add(code);
  show("<h1>Look into your mail</h1>");
  const link = `http://${request.headers.host}/confirm?token=4f7k9q2m1b6n`;
  await mail.sendMail({
    from: "hello@shop.test",
    to: form.get("address"),
    subject: "Welcome to the shop",
    html: `<p>Your code is <b>${code}</b>.</p><p><a href="${link}">Confirm your address</a></p>`,
  });
});
server.listen(Number(PORT), "localhost", () => console.log(`http://localhost:${server.address().port}`));
