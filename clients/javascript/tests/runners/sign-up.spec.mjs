// What a user does: signs up in the browser, reads the mail, follows its link, types its code.

import { test as base, expect } from "restante/playwright";
import { open } from "./shop.mjs";

// One shop for each test, and one for each worker.
const test = base.extend({
  shop: async ({ mailbox }, use) => {
    const shop = await open(mailbox.env);
    await use(shop);
    await shop.close();
  },
  workerShop: [
    async ({ workerMailbox }, use) => {
      const shop = await open(workerMailbox.env);
      await use(shop);
      await shop.close();
    },
    { scope: "worker" },
  ],
});

async function signUp(page, shop, mailbox) {
  await page.goto(shop.url);
  await page.getByLabel("Address").fill("ann@app.test");
  await page.getByRole("button", { name: "Sign up" }).click();
  const mail = await mailbox.wait({ to: "ann@app.test", subject: "Welcome" });
  await page.goto(mail.link);
  await page.getByLabel("Code").fill(mail.code);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading")).toHaveText("You are in");
  // All of them send the same to the same: one of another test would be a second here.
  await mailbox.exactly(1);
}

for (let run = 1; run <= 4; run++) {
  test(`with a mailbox of the test, ${run}`, async ({ page, shop, mailbox }, { parallelIndex }) => {
    expect(mailbox.name).toMatch(new RegExp(`^w${parallelIndex}-with-a-mailbox-of-the-test-${run}-[a-z0-9]{8}$`));
    await signUp(page, shop, mailbox);
  });
}

for (let run = 1; run <= 4; run++) {
  test(`with a mailbox of the worker, ${run}`, async ({ page, workerShop, workerMailbox }) => {
    await signUp(page, workerShop, workerMailbox);
  });
}
