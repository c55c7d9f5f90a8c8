import { test } from "restante/playwright";
import { sendMail } from "./shop.mjs";

test("whoever signs up is welcomed", async ({ mailbox }) => {
  await sendMail({ to: "ann@app.test", subject: "Welcom to the shop", html: '<a href="https://shop.test/confirm?token=4f7k9q2m1b6n">Confirm</a>' }, mailbox.env);
  await mailbox.wait({ to: "ann@app.test", subject: "Welcome", timeout: "500ms" });
});

test("nobody is welcomed twice", async ({ mailbox }) => {
  for (let times = 0; times < 2; times++) await sendMail({ to: "ann@app.test", subject: "Welcome" }, mailbox.env);
  await mailbox.exactly(1, { subject: "Welcome" });
});

test("a clause is misspelt", async ({ mailbox }) => {
  await mailbox.wait({ subjct: "Welcome" });
});

test("a wait is not awaited", async ({ mailbox }) => {
  mailbox.none({ subject: "Welcome" });
});
