// A message as a test reads it: what needs no further question. It knows nothing of Node, so it serves in Cypress's browser.

import type { FindingJson, LinkJson, MessageJson, PartJson, PersonJson } from "./wire.js";

/** A name, empty if there is none, and an address. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** A one-time code: as it is to be typed, as it was shown, and the words around it. */
export interface Code {
  readonly value: string;
  readonly shown: string;
  readonly context: string;
}

/** A link, the words on it, and what it is for: `verify`, `reset`, `sign-in`, `invite`, `unsubscribe` or `other`. */
export interface Link {
  readonly url: string;
  readonly text: string;
  readonly purpose: string;
}

/** What the client said on the wire. */
export interface Envelope {
  /** The address of MAIL FROM; empty for the null sender. */
  readonly from: string;
  /** The address of each RCPT TO, in order. */
  readonly to: readonly string[];
  /** The user name of its login, if it logged in. */
  readonly user: string | null;
  /** Whether it spoke TLS. */
  readonly tls: boolean;
}

/** What was odd about a message; the ids are listed at `/api/v1/findings`. */
export interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly sentence: string;
  readonly detail: string;
}

/** A part with a name or an id. */
export interface Part {
  /** Its file name, decoded; its content id if it has none. */
  readonly name: string;
  /** Its media type, such as `application/pdf`. */
  readonly type: string;
  /** Its Content-ID without brackets; empty if it has none. */
  readonly contentId: string;
  /** Bytes, once decoded. */
  readonly size: number;
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  /** Its place in the message, such as `1.2`. */
  readonly partId: string;
}

/** A message that was caught. */
export interface Mail<P extends Part = Part> {
  readonly id: string;
  /** Of the field Message-ID, without brackets. */
  readonly messageId: string;
  /** Decoded; empty if there is none. */
  readonly subject: string;
  /** The first author. */
  readonly from: Person;
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  readonly replyTo: readonly Person[];
  /** Of the field Date; of its arrival if there is none. */
  readonly date: Date;
  /** When it arrived. */
  readonly created: Date;
  /** The plain text, else one made from the HTML. Line ends are as sent. */
  readonly text: string;
  /** As sent; empty if there is none. */
  readonly html: string;
  /** The one-time code, as it is to be typed, or null. */
  readonly code: string | null;
  /** All of them, the clearest first. */
  readonly codes: readonly Code[];
  /** The address of the link that the message is about, or null. */
  readonly link: string | null;
  /** All of them, in order. */
  readonly links: readonly Link[];
  readonly attachments: readonly P[];
  /** Parts that the HTML shows, such as pictures. */
  readonly inline: readonly P[];
  readonly envelope: Envelope;
  readonly tags: readonly string[];
  readonly findings: readonly Finding[];
  /** Whether a strict server would refuse it. */
  readonly refusable: boolean;
  readonly mailbox: string;
  /** Whether it was marked as read; asking for it marks nothing. */
  readonly read: boolean;
  /** Bytes of the source. */
  readonly size: number;
  /** For `since`: where the answer of the wait that brought it stands; null if it was not waited for. */
  readonly cursor: string | null;
}

/** The members of a mail, from its JSON. */
export function mail<P extends Part>(json: MessageJson, cursor: string | null, part: (json: PartJson) => P): Mail<P> {
  return {
    id: json.ID,
    messageId: json.MessageID,
    subject: json.Subject,
    from: person(json.From),
    to: json.To.map(person),
    cc: json.Cc.map(person),
    bcc: json.Bcc.map(person),
    replyTo: json.ReplyTo.map(person),
    date: new Date(json.Date),
    created: new Date(json.Created),
    text: json.Text,
    html: json.HTML,
    code: json.Codes[0]?.Value ?? null,
    codes: json.Codes.map(({ Value, Shown, Context }) => ({ value: Value, shown: Shown, context: Context })),
    link: json.MainLink?.URL ?? null,
    links: json.Links.map(link),
    attachments: json.Attachments.map(part),
    inline: json.Inline.map(part),
    envelope: {
      from: json.Envelope.From.Address,
      to: json.Envelope.To.map((path) => path.Address),
      user: json.Envelope.Auth?.User ?? null,
      tls: json.Envelope.TLS !== null,
    },
    tags: json.Tags,
    findings: json.Findings.map(finding),
    refusable: json.Refusable,
    mailbox: json.Mailbox,
    read: json.Read,
    size: json.Size,
    cursor,
  };
}

export function part(json: PartJson): Part {
  return {
    name: json.FileName,
    type: json.ContentType,
    contentId: json.ContentID,
    size: json.Size,
    md5: json.Checksums.MD5,
    sha1: json.Checksums.SHA1,
    sha256: json.Checksums.SHA256,
    partId: json.PartID,
  };
}

function person({ Name, Address }: PersonJson): Person {
  return { name: Name, address: Address };
}

function link({ URL, Text, Purpose }: LinkJson): Link {
  return { url: URL, text: Text, purpose: Purpose };
}

function finding({ ID, Severity, Sentence, Detail }: FindingJson): Finding {
  return { id: ID, severity: Severity, sentence: Sentence, detail: Detail };
}
