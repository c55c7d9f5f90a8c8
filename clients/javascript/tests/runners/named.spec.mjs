// A mailbox whose name is said: of an application that runs already, with a login of its own.

import { expect, test } from "restante/playwright";

test.use({ mailboxName: "shop" });
test.describe.configure({ mode: "serial" });

test("has the name that was said", async ({ workerMailbox, restante }) => {
  expect(workerMailbox.name).toBe("shop");
  expect(restante.mailbox("shop").httpUrl).toBe(workerMailbox.httpUrl);
  // Of an earlier run, as it were.
  await expect(workerMailbox.messages()).resolves.toEqual([]);
  await workerMailbox.deliver("To: ann@app.test\r\nSubject: of the first test\r\n\r\n");
});

test("is emptied before each test", async ({ workerMailbox }) => {
  await workerMailbox.none({}, 1);
});
