package restante

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Mailbox is the messages of one SMTP user name, or of all in a [Catcher]. It comes into being by its first message. Its
// methods ask the server each time, and may be called by many goroutines at once.
type Mailbox struct {
	client *client
	smtp   SMTP
	name   string
}

// SMTP is where an application sends its mail, and how it logs in so that the mail comes into one mailbox.
type SMTP struct {
	Host string
	Port int
	// User is the name of the mailbox; empty for all of them.
	User string
	// Password is any.
	Password string
}

// Address is "host:port", as [net/smtp.SendMail] takes it.
func (s SMTP) Address() string {
	return net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// URL is "smtp://user:password@host:port", percent-encoded.
func (s SMTP) URL() string {
	address := url.URL{Scheme: "smtp", Host: s.Address()}
	if s.User != "" {
		address.User = url.UserPassword(s.User, s.Password)
	}
	return address.String()
}

// Name is the name of the mailbox, and the SMTP user name that leads to it; empty for all of them.
func (m *Mailbox) Name() string { return m.name }

// SMTP is where to send mail so that it comes here.
func (m *Mailbox) SMTP() SMTP {
	smtp := m.smtp
	if m.name != "" {
		smtp.User, smtp.Password = m.name, "x"
	}
	return smtp
}

// URL is the page of the mailbox, to look at while a debugger holds the test.
func (m *Mailbox) URL() string { return m.client.root + m.path("/") }

// Wait waits for a message that fits all clauses, and answers as soon as it is there, already or later: the oldest that
// fits. Without a [Timeout] it waits three seconds; if the deadline of the context is nearer, until that, and a moment
// longer for the answer that says what came close. A context that is cancelled ends it at once.
//
// If none comes the error is a [*WaitError]; if the question is not understood a [*QuestionError].
func (m *Mailbox) Wait(ctx context.Context, clauses ...Clause) (*Message, error) {
	answer, err := m.ask(ctx, questionOf(clauses))
	if err != nil {
		return nil, err
	}
	return m.message(answer.body)
}

// WaitAtLeast waits for so many messages, or more: the oldest so many are the answer, the oldest first.
func (m *Mailbox) WaitAtLeast(ctx context.Context, count int, clauses ...Clause) ([]*Message, error) {
	asked := questionOf(clauses)
	asked.once("count", count)
	return m.several(ctx, asked)
}

// WaitExactly waits for so many messages, and for 200 ms after the last for no other.
func (m *Mailbox) WaitExactly(ctx context.Context, count int, clauses ...Clause) ([]*Message, error) {
	asked := questionOf(clauses)
	asked.once("exactly", count)
	return m.several(ctx, asked)
}

// None is nil if no message fits, nor comes within this time; else a [*WaitError] that says at once what came.
func (m *Mailbox) None(ctx context.Context, within time.Duration, clauses ...Clause) error {
	asked := questionOf(clauses)
	asked.once("none", milliseconds(within))
	asked.held = within
	// A shorter look would be another question: here the deadline only ends it.
	_, err := m.send(ctx, asked)
	return err
}

// Messages are those that a search finds, the newest first; an empty one finds all.
func (m *Mailbox) Messages(ctx context.Context, query string) ([]Summary, error) {
	path := "/api/v1/messages?limit=0"
	if query != "" {
		path = "/api/v1/search?limit=1000000&query=" + url.QueryEscape(query)
	}
	var listing struct{ Messages []Summary }
	if err := m.get(ctx, path, &listing); err != nil {
		return nil, err
	}
	return listing.Messages, nil
}

// Latest is the newest message. The error is [ErrNoMessage] if there is none; to wait for one is mostly better.
func (m *Mailbox) Latest(ctx context.Context) (*Message, error) {
	return m.Message(ctx, "latest")
}

// Message is the message with this id. The error is [ErrNoMessage] if it is not here.
func (m *Mailbox) Message(ctx context.Context, id string) (*Message, error) {
	answer, err := m.client.call(ctx, request{path: m.path("/api/v1/message/" + url.PathEscape(id))})
	var refused *ResponseError
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return nil, fmt.Errorf("%w: %q in %s", ErrNoMessage, id, m)
	}
	if err != nil {
		return nil, err
	}
	return m.message(answer.body)
}

// Cursor is the place after everything that has come: [Since] it a question counts only what comes later.
func (m *Mailbox) Cursor(ctx context.Context) (Cursor, error) {
	var info struct{ Cursor Cursor }
	err := m.get(ctx, "/api/v1/info", &info)
	return info.Cursor, err
}

// Clear deletes every message of this mailbox, and of no other. Of a [Catcher], all.
func (m *Mailbox) Clear(ctx context.Context) error {
	_, err := m.client.call(ctx, request{method: http.MethodDelete, path: m.path("/api/v1/messages")})
	return err
}

// Deliver puts a message into the mailbox without SMTP, byte for byte, and answers its id. The envelope is what
// [Sender] and [Recipients] say, else what the fields do.
func (m *Mailbox) Deliver(ctx context.Context, source []byte, envelope ...EnvelopeOption) (string, error) {
	said := url.Values{}
	for _, option := range envelope {
		option(said)
	}
	path := m.path("/api/v1/messages?" + said.Encode())
	answer, err := m.client.call(ctx, request{method: http.MethodPost, path: path, body: source, kind: "message/rfc822"})
	if err != nil {
		return "", err
	}
	var delivered struct{ ID string }
	err = answer.read(&delivered)
	return delivered.ID, err
}

// EnvelopeOption says who a delivered message is from or for.
type EnvelopeOption func(url.Values)

// Sender is the address of MAIL FROM.
func Sender(address string) EnvelopeOption {
	return func(said url.Values) { said.Set("from", address) }
}

// Recipients are the addresses of RCPT TO.
func Recipients(addresses ...string) EnvelopeOption {
	return func(said url.Values) { said["to"] = append(said["to"], addresses...) }
}

// String names the mailbox in a sentence.
func (m *Mailbox) String() string {
	if m.name == "" {
		return "all mailboxes"
	}
	return fmt.Sprintf("mailbox %q", m.name)
}

// path is below the mailbox, whose name is one segment whatever is in it.
func (m *Mailbox) path(below string) string {
	if m.name == "" {
		return below
	}
	return "/mailbox/" + segment(m.name) + below
}

func (m *Mailbox) get(ctx context.Context, path string, into any) error {
	answer, err := m.client.call(ctx, request{path: m.path(path)})
	if err != nil {
		return err
	}
	return answer.read(into)
}

func (m *Mailbox) several(ctx context.Context, asked *question) ([]*Message, error) {
	answer, err := m.ask(ctx, asked)
	if err != nil {
		return nil, err
	}
	var several struct {
		Messages []json.RawMessage
		Cursor   Cursor
	}
	if err := answer.read(&several); err != nil {
		return nil, err
	}
	messages := make([]*Message, 0, len(several.Messages))
	for _, one := range several.Messages {
		message, err := m.message(one)
		if err != nil {
			return nil, err
		}
		message.Cursor = several.Cursor
		messages = append(messages, message)
	}
	return messages, nil
}

// ask keeps a question no longer than its context lasts.
func (m *Mailbox) ask(ctx context.Context, asked *question) (*response, error) {
	deadline, is := ctx.Deadline()
	if !is || ctx.Err() != nil {
		return m.send(ctx, asked)
	}
	asked.within(time.Until(deadline))
	patient, cancel := context.WithDeadline(context.Background(), deadline.Add(grace))
	defer cancel()
	go func() {
		select {
		case <-ctx.Done():
			if ctx.Err() == context.Canceled {
				cancel()
			}
		case <-patient.Done():
		}
	}()
	return m.send(patient, asked)
}

// grace is what the explanation gets to come after the deadline of a context. Without it there would be none: the server
// has it ready when the time is over.
const grace = 2 * time.Second

func (m *Mailbox) send(ctx context.Context, asked *question) (*response, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("restante: %w before anything was asked", err)
	}
	body, err := asked.json()
	if err != nil {
		return nil, err
	}
	return m.client.call(ctx, request{
		method: http.MethodPost, path: m.path("/api/v1/wait"), body: body, kind: "application/json", held: asked.held, isSafe: true,
	})
}

// segment encodes everything but letters, digits, "-", "_" and "~": a dot alone would be a step in the path.
func segment(name string) string {
	const hex = "0123456789ABCDEF"
	encoded := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		char := name[i]
		if char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char >= '0' && char <= '9' || char == '-' || char == '_' || char == '~' {
			encoded = append(encoded, char)
		} else {
			encoded = append(encoded, '%', hex[char>>4], hex[char&15])
		}
	}
	return string(encoded)
}
