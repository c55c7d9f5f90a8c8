// The application: it sends to where its environment says.

import nodemailer from "nodemailer";

export async function signUp(address, env = process.env) {
  const mail = nodemailer.createTransport({
    host: env.SMTP_HOST,
    port: Number(env.SMTP_PORT),
    auth: { user: env.SMTP_USER, pass: env.SMTP_PASSWORD },
  });
  await mail.sendMail({
    from: "hello@shop.test",
    to: address,
    subject: "Welcome to the shop",
    html: '<p>Your code is 481516.</p><p><a href="https://shop.test/confirm?token=4f7k9q2m1b6n">Confirm your address</a></p>',
  });
}
