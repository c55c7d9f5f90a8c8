import { Restante } from "restante";
import { afterAll, beforeAll, test } from "vitest";
import { sendMail } from "./shop.mjs";

let restante;
beforeAll(async () => (restante = await Restante.open()));
afterAll(() => restante.close());

test("whoever signs up is welcomed", async () => {
  const mailbox = restante.freshMailbox("sign-up");
  await sendMail({ to: "ann@app.test", subject: "Welcom to the shop" }, mailbox.env);
  await mailbox.wait({ to: "ann@app.test", subject: "Welcome", timeout: "500ms" });
});

test("nobody is welcomed twice", async () => {
  const mailbox = restante.freshMailbox("twice");
  for (let times = 0; times < 2; times++) await sendMail({ to: "ann@app.test", subject: "Welcome" }, mailbox.env);
  await mailbox.exactly(1, { subject: "Welcome" });
});

test("a clause is misspelt", async () => {
  await restante.freshMailbox("misspelt").wait({ subjct: "Welcome" });
});
