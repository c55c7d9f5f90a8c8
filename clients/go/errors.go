package restante

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// WaitError is a wait that failed: too few messages came within the time, or more than were expected. Its text is the
// server's explanation, for people; the members say the same for programs.
type WaitError struct {
	// Detail is the explanation, of several lines.
	Detail string
	// TooMany tells that there is what should not be; otherwise something is missing.
	TooMany bool
	// Expected is what was asked for: "at least 1", "exactly 2", "none".
	Expected string
	// Query is the question in the language of the search.
	Query string
	// Timeout is how long there was to wait.
	Timeout time.Duration
	// Found are the messages that fit.
	Found []Summary
	// NearMisses are messages that came close, the nearest first.
	NearMisses []NearMiss
	// Earlier are messages that fit and came before the cursor of the question.
	Earlier []Summary
	// Elsewhere are messages that fit and are in another mailbox.
	Elsewhere []Summary
	// Sessions are the SMTP connections that broke off meanwhile.
	Sessions []Session
	// ArrivedCount is the number of messages that came where the question looked, fitting or not.
	ArrivedCount int
}

// NearMiss is a message that did not match, and why.
type NearMiss struct {
	Message Summary
	Failed  []FailedClause
}

// FailedClause is a clause that a message did not match.
type FailedClause struct {
	Clause, Expected, Found string
}

// Session is an SMTP connection without a message.
type Session struct {
	Number int64
	// Peer is the address of the client, if it is known.
	Peer string
	// Door is "smtp", "submission" or "smtps".
	Door string
	// Trouble says what became of it and what to change.
	Trouble string
}

// Error is the explanation.
func (e *WaitError) Error() string { return e.Detail }

func waitError(answer *response, detail string) error {
	failed := &WaitError{Detail: detail, TooMany: answer.status == http.StatusConflict}
	var members struct {
		*plainWaitError
		TimeoutMs int64
		Detail    string
	}
	members.plainWaitError = (*plainWaitError)(failed)
	if err := answer.read(&members); err != nil {
		return fmt.Errorf("%s\n(the rest of this answer cannot be read: %w)", detail, err)
	}
	failed.Timeout = time.Duration(members.TimeoutMs) * time.Millisecond
	return failed
}

type plainWaitError WaitError

// QuestionError is a question that the server does not understand; its text is the server's sentence. Mend the test.
type QuestionError struct {
	Detail string
}

func (e *QuestionError) Error() string { return e.Detail }

// UnreachableError says that no Restante answers.
type UnreachableError struct {
	// URL is where it was looked for.
	URL string
	// Reason is why it could not be asked.
	Reason error

	ended string
}

func (e *UnreachableError) Error() string {
	if e.ended != "" {
		return e.ended
	}
	return fmt.Sprintf("No Restante answers at %s: %v. Start one (\"restante\"), or say where it is in RESTANTE_URL.", e.URL, e.Reason)
}

// Unwrap is the reason.
func (e *UnreachableError) Unwrap() error { return e.Reason }

// ResponseError is an answer that was not expected: of a server that stops, that has no room, or that is no Restante.
type ResponseError struct {
	// Status is the HTTP status.
	Status int
	// Body is what the answer said.
	Body string

	call     string
	sentence bool
}

func (e *ResponseError) Error() string {
	if e.sentence {
		return fmt.Sprintf("%s (%d to %s)", e.Body, e.Status, e.call)
	}
	return fmt.Sprintf("%s was answered %d %s: %s", e.call, e.Status, http.StatusText(e.Status), e.Body)
}

// ErrNoMessage says that a message is not there, or not in this mailbox.
var ErrNoMessage = errors.New("no such message")
