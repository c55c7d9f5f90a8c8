package restante

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Address is a name, decoded, and an address; either may be empty.
type Address struct {
	Name, Address string
}

// String is "Name <address>".
func (a Address) String() string {
	if a.Name == "" {
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

// Summary is a message in a list: what is known of it without decoding its parts.
type Summary struct {
	// ID names it in the API, in the page and in the reply of SMTP.
	ID string
	// MessageID is its Message-ID without brackets.
	MessageID string
	// Subject is decoded.
	Subject string
	From    Address
	To      []Address
	Cc      []Address
	Bcc     []Address
	ReplyTo []Address
	// Created is when it arrived.
	Created time.Time
	// Snippet is how its text begins.
	Snippet string
	// Attachments and Findings are their numbers.
	Attachments, Findings int
	// Size is in bytes, as sent.
	Size     int64
	Tags     []string
	Mailbox  string
	Read     bool
	Envelope SMTPEnvelope
	// Refusable tells that a strict server would have refused it.
	Refusable bool
}

// String is one line: the subject, the sender and the recipients.
func (s Summary) String() string {
	return line(s.Subject, s.Envelope)
}

// Message is a whole message. What it holds was fetched with it; what is a method with a context is fetched then.
type Message struct {
	// ID names it in the API, in the page and in the reply of SMTP.
	ID string
	// MessageID is its Message-ID without brackets.
	MessageID string
	// Subject is decoded.
	Subject string
	From    Address
	To      []Address
	Cc      []Address
	Bcc     []Address
	ReplyTo []Address
	// Date is that of its Date field, or of its arrival without one.
	Date time.Time
	// Created is when it arrived.
	Created time.Time
	// Text is the plain text, or else one made from the HTML. Line ends are as sent.
	Text string
	// HTML is as sent; empty if there is none.
	HTML string
	// Codes are the one-time codes in it, the clearest first.
	Codes []Code
	// Links are all links in it.
	Links []Link
	// MainLink is the link that the message is about: to verify, to reset, to sign in. It may be nil.
	MainLink *Link
	// Attachments and Inline are the parts beside the text.
	Attachments, Inline []Part
	// Size is in bytes, as sent.
	Size     int64
	Tags     []string
	Mailbox  string
	Read     bool
	Envelope SMTPEnvelope
	// Findings are what was odd about it.
	Findings []Finding
	// Refusable tells that a strict server would have refused it.
	Refusable bool
	// Cursor is the place after the answer that it came with; empty if it was not waited for.
	Cursor Cursor

	mailbox *Mailbox
	json    json.RawMessage
}

// Code is a one-time code.
type Code struct {
	// Value is the code as it is to be typed.
	Value string
	// Shown is how it is written, such as "481 516".
	Shown string
	// Context are the words around it.
	Context string
	// Source is where it stands: "subject", "text", "html", "both".
	Source string
}

// Link is a link and the words on it.
type Link struct {
	URL, Text string
	// Purpose is "verify", "reset", "sign-in", "invite", "unsubscribe" or "other".
	Purpose string
	// Source is where it stands: "text", "html", "both".
	Source string
}

// Finding is something that a real server or reader might mind.
type Finding struct {
	ID, Severity, Sentence, RFC, Detail string
}

// SMTPEnvelope is what SMTP said of the message.
type SMTPEnvelope struct {
	// From is the address of MAIL FROM, empty for the null sender, and To are those of RCPT TO.
	From EnvelopeAddress
	To   []EnvelopeAddress
	// Door is where it came in: "smtp", "submission", "smtps", "http" or "pickup".
	Door string
	// Peer is the address of the client, and Helo its name for itself, where they are known.
	Peer, Helo string
	// TLS and Auth are nil if the client used none.
	TLS *struct {
		Version, Cipher, ServerName string
	}
	Auth *struct {
		Mechanism, User string
	}
}

// EnvelopeAddress is an address of the envelope, with the parameters of its command.
type EnvelopeAddress struct {
	Address, Parameters string
}

// Part is an attachment, or a part that the HTML shows.
type Part struct {
	// ID names it within the message.
	ID string `json:"PartID"`
	// Name is its file name, decoded, or else its ContentID.
	Name string `json:"FileName"`
	// Type is its media type, such as "application/pdf".
	Type string `json:"ContentType"`
	// ContentID is without brackets; empty if it has none.
	ContentID string
	// Size is in bytes, decoded.
	Size    int64
	Digests Digests `json:"Checksums"`

	mailbox *Mailbox
	message string
}

// Digests are of the decoded bytes, in hexadecimal digits.
type Digests struct {
	MD5, SHA1, SHA256 string
}

// Code is the value of the clearest one-time code; empty if there is none.
func (m *Message) Code() string {
	if len(m.Codes) == 0 {
		return ""
	}
	return m.Codes[0].Value
}

// Link is the address of the main link; empty if there is none.
func (m *Message) Link() string {
	if m.MainLink == nil {
		return ""
	}
	return m.MainLink.URL
}

// Header is the first field of this name, whatever the case, decoded; empty if there is none.
func (m *Message) Header(ctx context.Context, name string) (string, error) {
	fields, err := m.fields(ctx, "?decoded=1")
	return fields.Get(name), err
}

// Headers are all fields, unfolded and not decoded.
func (m *Message) Headers(ctx context.Context) (mail.Header, error) {
	return m.fields(ctx, "")
}

func (m *Message) fields(ctx context.Context, how string) (mail.Header, error) {
	var got map[string][]string
	if err := m.mailbox.get(ctx, "/api/v1/message/"+m.ID+"/headers"+how, &got); err != nil {
		return nil, err
	}
	// Get looks for Go's canonical form, which the server's is but for fields that no standard knows.
	fields := mail.Header{}
	for name, values := range got {
		name = textproto.CanonicalMIMEHeaderKey(name)
		fields[name] = append(fields[name], values...)
	}
	return fields, nil
}

// Raw is the message as sent, byte for byte.
func (m *Message) Raw(ctx context.Context) ([]byte, error) {
	return m.mailbox.bytes(ctx, "/api/v1/message/"+m.ID+"/raw")
}

// JSON is the answer of the server, for what has no field here.
func (m *Message) JSON() json.RawMessage { return m.json }

// String is one line: the subject, the sender and the recipients.
func (m *Message) String() string { return line(m.Subject, m.Envelope) }

// Bytes are those of the part, its transfer encoding undone.
func (p *Part) Bytes(ctx context.Context) ([]byte, error) {
	return p.mailbox.bytes(ctx, "/api/v1/message/"+p.message+"/part/"+segment(p.ID))
}

func (m *Mailbox) bytes(ctx context.Context, path string) ([]byte, error) {
	answer, err := m.client.call(ctx, request{path: m.path(path)})
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

func (m *Mailbox) message(answer []byte) (*Message, error) {
	type plain Message
	// The times are read apart: a Date field may hold a time that Go does not read, and the message counts nevertheless.
	read := struct {
		*plain
		Date, Created string
	}{plain: &plain{}}
	if err := json.Unmarshal(answer, &read); err != nil {
		return nil, fmt.Errorf("restante: the message cannot be read: %w", err)
	}
	message := (*Message)(read.plain)
	message.Date, _ = time.Parse(time.RFC3339, read.Date)
	message.Created, _ = time.Parse(time.RFC3339, read.Created)
	message.mailbox, message.json = m, append(json.RawMessage(nil), answer...)
	for _, parts := range [][]Part{message.Attachments, message.Inline} {
		for i := range parts {
			parts[i].mailbox, parts[i].message = m, message.ID
		}
	}
	return message, nil
}

// line is how the server's explanations name a message.
func line(subject string, envelope SMTPEnvelope) string {
	if subject == "" {
		subject = "no subject"
	} else {
		subject = fmt.Sprintf("%q", subject)
	}
	from := envelope.From.Address
	if from == "" {
		from = "<>"
	}
	to := make([]string, len(envelope.To))
	for i := range to {
		to[i] = envelope.To[i].Address
	}
	return subject + " from " + from + " to " + strings.Join(to, ", ")
}
