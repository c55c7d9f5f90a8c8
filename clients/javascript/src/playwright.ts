// Fixtures for Playwright: a mailbox for each test, and what it holds in the report of a test that fails.

import { test as base, type TestInfo } from "@playwright/test";
import { unawaited } from "./asked.js";
import type { Mailbox } from "./mailbox.js";
import { Restante } from "./restante.js";

export { expect } from "@playwright/test";
export * from "./index.js";

/** Of each test. */
export interface MailFixtures {
  /** A mailbox that no other test has, named by the worker and the title of the test. */
  mailbox: Mailbox;
}

/** Of each worker. */
export interface MailWorkerFixtures {
  /** The one of `RESTANTE_URL`, if that is set; else one of the worker's own. */
  restante: Restante;
  /** A mailbox for an application that is started once for each worker. It is emptied before each test. */
  workerMailbox: Mailbox;
  /** The name of `workerMailbox`, where the application's login is fixed elsewhere; otherwise it is a fresh one. */
  mailboxName: string | undefined;
}

/** What a worker uses of its mailbox, so that a test that wants no mail starts nothing. */
interface WorkerMail {
  _workerMail: { mailbox: Mailbox | null };
}

interface TestMail {
  _emptyWorkerMailbox: void;
}

/** Playwright's own `test`, with mailboxes. */
export const test = base.extend<MailFixtures & TestMail, MailWorkerFixtures & WorkerMail>({
  restante: [
    async ({}, use) => {
      const restante = await Restante.open();
      await use(restante);
      await restante.close();
    },
    { scope: "worker" },
  ],

  mailbox: async ({ restante }, use, testInfo) => {
    const mailbox = restante.freshMailbox(`w${testInfo.parallelIndex}-${testInfo.title}`);
    await use(mailbox);
    await finish(mailbox, testInfo);
  },

  mailboxName: [undefined, { scope: "worker", option: true }],

  workerMailbox: [
    async ({ restante, mailboxName, _workerMail }, use, workerInfo) => {
      const mailbox =
        mailboxName === undefined ? restante.freshMailbox(`worker-${workerInfo.parallelIndex}`) : restante.mailbox(mailboxName);
      // One with a name may hold mail of an earlier run.
      await mailbox.clear();
      _workerMail.mailbox = mailbox;
      await use(mailbox);
      _workerMail.mailbox = null;
    },
    { scope: "worker" },
  ],

  _workerMail: [async ({}, use) => use({ mailbox: null }), { scope: "worker", box: true }],

  _emptyWorkerMailbox: [
    async ({ _workerMail }, use, testInfo) => {
      await _workerMail.mailbox?.clear();
      await use();
      if (_workerMail.mailbox !== null) await finish(_workerMail.mailbox, testInfo);
    },
    { auto: true, box: true },
  ],
});

/** How many messages a report lists. */
const LISTED = 20;

/** Fails a test that passed because it did not wait for an answer, and tells of one that failed what there was. */
async function finish(mailbox: Mailbox, testInfo: TestInfo): Promise<void> {
  const error = unawaited(mailbox);
  if (testInfo.status !== testInfo.expectedStatus) return attachMail(mailbox, testInfo);
  if (error !== null) throw error;
}

/** Adds to the report of a test that failed what its mailbox holds, and the newest message as it is shown. */
async function attachMail(mailbox: Mailbox, testInfo: TestInfo): Promise<void> {
  try {
    const messages = await mailbox.messages("", { limit: LISTED });
    const rows = messages.map((message, row) => {
      const subject = message.subject === "" ? "no subject" : JSON.stringify(message.subject);
      const to = message.envelope.to.join(", ");
      const found = [message.code && `code ${message.code}`, message.link && `link ${message.link}`].filter(Boolean);
      const more = found.length === 0 ? "" : `\n   ${found.join(", ")}`;
      return `${row + 1}. ${subject} from ${message.from.address || "<>"} to ${to}${more}`;
    });
    const head = rows.length === 0 ? "holds nothing." : "holds, the newest first:";
    // One of the worker's own is gone when somebody reads this.
    const page = process.env["RESTANTE_URL"] ? [`Page: ${mailbox.httpUrl}`] : [];
    const text = [`Mailbox "${mailbox.name}" ${head}`, ...rows, ...page].join("\n");
    await testInfo.attach("mail", { body: text, contentType: "text/plain" });
    const html = messages[0]?.html;
    if (html) await testInfo.attach("latest mail", { body: html, contentType: "text/html" });
  } catch {
    // The test has failed already, and by what matters more.
  }
}
