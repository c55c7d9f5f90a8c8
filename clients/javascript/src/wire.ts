// The JSON of the API, as far as it is read here.

/** A name and an address. */
export interface PersonJson {
  readonly Name: string;
  readonly Address: string;
}

export interface PathJson {
  readonly Address: string;
  readonly Parameters: string;
}

export interface EnvelopeJson {
  readonly From: PathJson;
  readonly To: readonly PathJson[];
  readonly Door: string;
  readonly Peer: string | null;
  readonly Helo: string | null;
  readonly TLS: { readonly Version: string; readonly Cipher: string; readonly ServerName: string | null } | null;
  readonly Auth: { readonly Mechanism: string; readonly User: string } | null;
}

export interface PartJson {
  readonly PartID: string;
  readonly FileName: string;
  readonly ContentType: string;
  readonly ContentID: string;
  readonly Size: number;
  readonly Checksums: { readonly MD5: string; readonly SHA1: string; readonly SHA256: string };
}

export interface CodeJson {
  readonly Value: string;
  readonly Shown: string;
  readonly Context: string;
  readonly Source: string;
}

export interface LinkJson {
  readonly URL: string;
  readonly Text: string;
  readonly Purpose: string;
  readonly Source: string;
}

/** A whole message; `Cursor` stands in the answer of a wait for one. */
export interface MessageJson {
  readonly ID: string;
  readonly MessageID: string;
  readonly Read: boolean;
  readonly From: PersonJson;
  readonly To: readonly PersonJson[];
  readonly Cc: readonly PersonJson[];
  readonly Bcc: readonly PersonJson[];
  readonly ReplyTo: readonly PersonJson[];
  readonly Subject: string;
  readonly Date: string;
  readonly Created: string;
  readonly Tags: readonly string[];
  readonly Text: string;
  readonly HTML: string;
  readonly Size: number;
  readonly Inline: readonly PartJson[];
  readonly Attachments: readonly PartJson[];
  readonly Mailbox: string;
  readonly Envelope: EnvelopeJson;
  readonly Findings: readonly FindingJson[];
  readonly Refusable: boolean;
  readonly Codes: readonly CodeJson[];
  readonly Links: readonly LinkJson[];
  readonly MainLink: LinkJson | null;
  readonly Cursor?: string;
  readonly [more: string]: unknown;
}

/** What was odd about a message. */
export interface FindingJson {
  readonly ID: string;
  readonly Severity: string;
  readonly Sentence: string;
  readonly Detail: string;
  readonly [more: string]: unknown;
}

/** A message in a list. */
export interface SummaryJson {
  readonly ID: string;
  readonly From: PersonJson;
  readonly To: readonly PersonJson[];
  readonly Subject: string;
  readonly Created: string;
  readonly Mailbox: string;
  readonly Snippet: string;
  readonly [more: string]: unknown;
}

/** A connection without a message. */
export interface SessionJson {
  readonly number: number;
  readonly peer: string | null;
  readonly door: string;
  readonly trouble: string | null;
}

/** RFC 9457. */
export interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly query?: string;
  readonly timeoutMs?: number;
  readonly expected?: string;
  readonly foundCount?: number;
  readonly found?: readonly SummaryJson[];
  readonly arrivedCount?: number;
  readonly nearMisses?: readonly {
    readonly message: SummaryJson;
    readonly failed: readonly { readonly clause: string; readonly expected: string; readonly found: string }[];
  }[];
  readonly earlier?: readonly SummaryJson[];
  readonly elsewhere?: readonly SummaryJson[];
  readonly sessions?: readonly SessionJson[];
  readonly [more: string]: unknown;
}

export interface InfoJson {
  readonly Version: string;
  readonly Cursor: string;
  readonly Doors: readonly { readonly Kind: string; readonly Host: string; readonly Port: number }[];
}

/** Where an SMTP door is. */
export interface DoorJson {
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "implicit";
}

/** The line of `restante --attached`. */
export interface LineJson {
  readonly version: string;
  readonly pid: number;
  readonly http: string;
  readonly smtp: readonly DoorJson[];
  readonly ca: string | null;
}
