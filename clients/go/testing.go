package restante

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// TB is what is needed of a test: [*testing.T], [*testing.B], [*testing.F] and those of other runners have it.
type TB interface {
	Helper()
	Name() string
	Failed() bool
	Cleanup(func())
	Logf(format string, values ...any)
	Fatalf(format string, values ...any)
}

var shared struct {
	once    sync.Once
	catcher *Catcher
	err     error
}

// New is the catcher of this test binary, the same for all of its tests: the one that RESTANTE_URL names, or else one that
// the first call starts. It needs no TestMain: it stops when the process ends. The test ends if there is none.
func New(t TB) *Catcher {
	t.Helper()
	shared.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), callMax)
		defer cancel()
		shared.catcher, shared.err = Open(ctx)
	})
	if shared.err != nil {
		t.Fatalf("%v", shared.err)
	}
	return shared.catcher
}

// MailboxFor is a mailbox of [New] that this test alone has, named after it. If the test fails, its log tells what the
// mailbox holds.
func MailboxFor(t TB) *Mailbox {
	t.Helper()
	catcher := New(t)
	mailbox := catcher.FreshMailbox(t.Name())
	t.Cleanup(func() {
		t.Helper()
		if t.Failed() {
			t.Logf("%s", mailbox.inventory())
		}
	})
	return mailbox
}

// MustWait is [Mailbox.Wait] for a test: without such a message the test ends, with the server's explanation, at the line
// of the call. Like [testing.T.FailNow] it belongs into the goroutine of the test.
func (m *Mailbox) MustWait(t TB, clauses ...Clause) *Message {
	t.Helper()
	message, err := m.Wait(context.Background(), clauses...)
	must(t, err)
	return message
}

// MustWaitAtLeast is [Mailbox.WaitAtLeast] for a test.
func (m *Mailbox) MustWaitAtLeast(t TB, count int, clauses ...Clause) []*Message {
	t.Helper()
	messages, err := m.WaitAtLeast(context.Background(), count, clauses...)
	must(t, err)
	return messages
}

// MustWaitExactly is [Mailbox.WaitExactly] for a test.
func (m *Mailbox) MustWaitExactly(t TB, count int, clauses ...Clause) []*Message {
	t.Helper()
	messages, err := m.WaitExactly(context.Background(), count, clauses...)
	must(t, err)
	return messages
}

// MustNone is [Mailbox.None] for a test.
func (m *Mailbox) MustNone(t TB, within time.Duration, clauses ...Clause) {
	t.Helper()
	must(t, m.None(context.Background(), within, clauses...))
}

// MustCursor is [Mailbox.Cursor] for a test.
func (m *Mailbox) MustCursor(t TB) Cursor {
	t.Helper()
	cursor, err := m.Cursor(context.Background())
	must(t, err)
	return cursor
}

// MustMessages is [Mailbox.Messages] for a test.
func (m *Mailbox) MustMessages(t TB, query string) []Summary {
	t.Helper()
	messages, err := m.Messages(context.Background(), query)
	must(t, err)
	return messages
}

func must(t TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// inventory is what the mailbox of a failed test holds.
func (m *Mailbox) inventory() string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	messages, err := m.Messages(ctx, "")
	if err != nil {
		return fmt.Sprintf("What %s holds cannot be told: %v", m, err)
	}
	text := &strings.Builder{}
	fmt.Fprintf(text, "Mailbox %q holds ", m.name)
	switch len(messages) {
	case 0:
		text.WriteString("no message.")
	case 1:
		text.WriteString("one message:")
	default:
		fmt.Fprintf(text, "%d messages, the newest first:", len(messages))
	}
	for i, message := range messages {
		if i == listedMax {
			fmt.Fprintf(text, "\n… and %d more", len(messages)-i)
			break
		}
		fmt.Fprintf(text, "\n- %s", message)
	}
	// One of ours is gone by the time that this is read.
	if m.client.child == nil && len(messages) > 0 {
		fmt.Fprintf(text, "\nThey are shown at %s", m.URL())
	}
	return text.String()
}

const listedMax = 20
