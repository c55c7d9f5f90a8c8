// Wait for mail in tests.

export type { AnywhereClauses, AttachmentClause, Clauses, Duration, Text, Texts } from "./clauses.js";
export { QuestionNotUnderstood, RestanteError, WaitFailed, type NearMiss } from "./errors.js";
export type { Code, Envelope, Finding, Link, Mail, Part, Person } from "./mail.js";
export { Mailbox, type Smtp, type SmtpEnv } from "./mailbox.js";
export { Message, type Attachment } from "./message.js";
export { Restante, type Door } from "./restante.js";
export { View, type WaitOptions } from "./view.js";
export type { MessageJson, ProblemJson, SessionJson, SummaryJson } from "./wire.js";
