package restante

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Catcher is a Restante that runs: one that was running already, or a child of this process. It is itself the view of all
// mailboxes: every method of a [Mailbox] is its too, and is about all of them. It may be used by many goroutines at once.
type Catcher struct {
	*view
	child *child
}

// view is embedded by another name, since Mailbox is a method of Catcher.
type view = Mailbox

// DefaultURL is where a Restante answers that was started without a word.
const DefaultURL = "http://localhost:8025"

// Connect asks the Restante at this address; an empty one means RESTANTE_URL, or [DefaultURL] if that is not set. Where its
// SMTP is it tells itself; RESTANTE_SMTP_ADDRESS=host:port overrides that, for the published ports of a container.
//
// The error is an [*UnreachableError] if none answers.
func Connect(ctx context.Context, address string) (*Catcher, error) {
	if address == "" {
		address = os.Getenv("RESTANTE_URL")
	}
	if address == "" {
		address = DefaultURL
	}
	root, err := url.Parse(address)
	if err != nil || root.Host == "" || root.Scheme != "http" && root.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the address of a Restante; write it like %s", address, DefaultURL)
	}
	client := newClient(strings.TrimRight(address, "/"))
	answer, err := client.call(ctx, request{path: "/api/v1/info"})
	if err != nil {
		return nil, err
	}
	var info struct{ Doors []door }
	if err := answer.read(&info); err != nil || info.Doors == nil {
		return nil, fmt.Errorf("what answers at %s is not a Restante: its /api/v1/info names no doors", address)
	}
	smtp, err := smtpOf(info.Doors, root.Hostname())
	if err != nil {
		return nil, err
	}
	return &Catcher{view: &Mailbox{client: client, smtp: smtp}}, nil
}

// Open connects to the Restante that RESTANTE_URL names, or starts one if it is not set: the same tests run beside the one
// of a container, and alone.
func Open(ctx context.Context) (*Catcher, error) {
	if os.Getenv("RESTANTE_URL") != "" {
		return Connect(ctx, "")
	}
	return Start(ctx)
}

// Mailbox is the mailbox of this name: of the messages whose client logged in by it, with any password. "default" has those
// of clients that did not log in; so has the empty name.
func (c *Catcher) Mailbox(name string) *Mailbox {
	if name == "" {
		name = "default"
	}
	return &Mailbox{client: c.client, smtp: c.smtp, name: name}
}

// FreshMailbox is a mailbox that nobody else has, whatever other processes and machines share this Restante: its name is
// what can be read of the hint, 40 characters at most, and eight characters by chance.
func (c *Catcher) FreshMailbox(hint string) *Mailbox {
	return c.Mailbox(slug(hint) + "-" + chance(8))
}

// Close stops the Restante if [Start] has started it, and its messages are gone. One that was only connected to goes on. A
// second Close does nothing.
func (c *Catcher) Close() error {
	c.client.http.CloseIdleConnections()
	if c.child == nil {
		return nil
	}
	return c.child.stop()
}

// A door as /api/v1/info tells it.
type door struct {
	Kind string
	Host string
	Port int
}

// smtpOf finds where mail is to be sent. A door's own host is "localhost", seen from where Restante runs.
func smtpOf(doors []door, host string) (SMTP, error) {
	if said := os.Getenv("RESTANTE_SMTP_ADDRESS"); said != "" {
		host, port, err := net.SplitHostPort(said)
		number, wrong := strconv.Atoi(port)
		if err != nil || wrong != nil || host == "" {
			return SMTP{}, fmt.Errorf("RESTANTE_SMTP_ADDRESS is %q; write it like localhost:2525", said)
		}
		return SMTP{Host: host, Port: number}, nil
	}
	for _, kind := range []string{"smtp", "submission", "smtps"} {
		for _, door := range doors {
			if door.Kind == kind {
				if door.Host != "localhost" {
					host = door.Host
				}
				return SMTP{Host: host, Port: door.Port}, nil
			}
		}
	}
	return SMTP{}, errors.New("this Restante has no door for SMTP; say where its SMTP is in RESTANTE_SMTP_ADDRESS, as host:port")
}

// hintMax is the length of a hint within a name: what follows it must be seen in a list.
const hintMax = 40

// slug is what is left of a hint in the name of a mailbox, which should be typed and read easily.
func slug(hint string) string {
	var kept strings.Builder
	gap := false
	for _, char := range hint {
		plain := char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char >= '0' && char <= '9' || char == '_' || char == '.'
		if !plain {
			gap = kept.Len() > 0
			continue
		}
		if gap {
			kept.WriteByte('-')
			gap = false
		}
		kept.WriteRune(char)
	}
	text := kept.String()
	if len(text) > hintMax {
		text = text[:hintMax]
	}
	if text == "" {
		return "mailbox"
	}
	return text
}

// chance is from crypto/rand: before Go 1.20 the other one gives every process the same.
func chance(length int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, length)
	for i := range text {
		number, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			panic(err) // The system gives no random bytes; nothing works then.
		}
		text[i] = letters[number.Int64()]
	}
	return string(text)
}
