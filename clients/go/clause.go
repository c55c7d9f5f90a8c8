package restante

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"time"
)

// Clause is one thing that a wait asks of a message: [To], [Subject] and the like. All of a wait's clauses must hold; one
// that is given twice means both.
type Clause func(*question)

// Cursor is a place in the order of arrival, of one run of the server.
type Cursor string

// Text is what can be asked of a text: a string is contained in it, whatever the case, and a whole address is meant as a
// whole; a [*regexp.Regexp] matches it, as it is written; [Contains], [Equals] and [Matches] say it outright.
//
// Expressions are read by the server, in the syntax of Rust's regex, which is nearly Go's (but \Q…\E is not known there,
// and \d, \w and \s are those of Unicode).
type Text interface {
	~string | *regexp.Regexp | Pattern
}

// Pattern is a text with the way that it is meant.
type Pattern struct {
	how, text string
}

// Contains asks for a text within another, whatever the case.
func Contains(text string) Pattern { return Pattern{"contains", text} }

// Equals asks for all of a text, to the letter.
func Equals(text string) Pattern { return Pattern{"equals", text} }

// Matches asks for a regular expression, whatever the case unless it says (?-i).
func Matches(expression string) Pattern { return Pattern{"regex", expression} }

// From asks for an address in the From field or in MAIL FROM.
func From[T Text](address T) Clause { return text("from", address) }

// To asks for an address in the To field or in RCPT TO.
func To[T Text](address T) Clause { return text("to", address) }

// Cc asks for an address in the Cc field.
func Cc[T Text](address T) Clause { return text("cc", address) }

// Bcc asks for an address in the Bcc field.
func Bcc[T Text](address T) Clause { return text("bcc", address) }

// ReplyTo asks for an address in the Reply-To field.
func ReplyTo[T Text](address T) Clause { return text("replyTo", address) }

// Envelope asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
func Envelope[T Text](address T) Clause { return text("envelope", address) }

// Subject asks for a text in the subject.
func Subject[T Text](subject T) Clause { return text("subject", subject) }

// Body asks for a text in the plain text or in the HTML.
func Body[T Text](body T) Clause { return text("body", body) }

// MessageID asks for a text in the Message-ID field.
func MessageID[T Text](id T) Clause { return text("messageId", id) }

// Header asks for a text in a field of this name.
func Header[T Text](name string, value T) Clause { return header(name, wire(value)) }

// HasHeader asks that a field of this name is there.
func HasHeader(name string) Clause { return header(name, true) }

// Tag asks for a tag.
func Tag(name string) Clause { return func(q *question) { q.list("tag", name) } }

// Attachment asks for one attachment to which all of this applies: [Named], [OfType], [WithDigest]. With nothing it asks
// for any.
func Attachment(tests ...AttachmentTest) Clause {
	return func(q *question) {
		if len(tests) == 0 {
			q.list("attachment", true)
			return
		}
		one := map[string]any{}
		for _, test := range tests {
			if _, twice := one[test.name]; twice {
				q.refuse("The " + test.name + " of one attachment is asked twice; write a second Attachment for another one.")
			}
			one[test.name] = test.value
		}
		q.list("attachment", one)
	}
}

// NoAttachment asks for a message without any.
func NoAttachment() Clause { return func(q *question) { q.list("attachment", false) } }

// AttachmentTest is something that is asked of one attachment.
type AttachmentTest struct {
	name  string
	value any
}

// Named asks for a text in the file name.
func Named[T Text](name T) AttachmentTest { return AttachmentTest{"name", wire(name)} }

// OfType asks for a text in the media type.
func OfType[T Text](mediaType T) AttachmentTest { return AttachmentTest{"type", wire(mediaType)} }

// WithDigest asks for an MD5, SHA-1 or SHA-256, in hexadecimal digits.
func WithDigest(digest string) AttachmentTest { return AttachmentTest{"digest", digest} }

// LargerThan asks for more bytes than these.
func LargerThan(bytes int64) Clause { return size("larger", bytes) }

// SmallerThan asks for fewer bytes than these.
func SmallerThan(bytes int64) Clause { return size("smaller", bytes) }

// Findings asks for all of these findings, by the ids of /api/v1/findings; without an id, for any.
func Findings(ids ...string) Clause {
	return func(q *question) {
		if len(ids) == 0 {
			q.once("findings", true)
			return
		}
		for _, id := range ids {
			q.list("findings", id)
		}
	}
}

// NoFindings asks for a message about which nothing was odd.
func NoFindings() Clause { return func(q *question) { q.once("findings", false) } }

// Refusable asks whether a strict server would refuse the message.
func Refusable(is bool) Clause { return func(q *question) { q.once("refusable", is) } }

// Query asks for what a search finds, in its language: "to:ann (subject:welcome OR subject:hello)".
func Query(query string) Clause { return func(q *question) { q.once("query", query) } }

// InMailbox asks for messages of this mailbox, where a [Catcher] is asked.
func InMailbox(name string) Clause { return func(q *question) { q.once("mailbox", name) } }

// Since counts only what came after this place.
func Since(cursor Cursor) Clause { return func(q *question) { q.once("since", string(cursor)) } }

// SinceTime counts only what came after this time, by the clock of the server.
func SinceTime(since time.Time) Clause {
	return func(q *question) { q.once("since", since.UTC().Format(time.RFC3339Nano)) }
}

// Timeout is how long to wait, 300 s at most, if the context does not end before.
func Timeout(timeout time.Duration) Clause {
	return func(q *question) {
		q.once("timeout", milliseconds(timeout))
		q.held = timeout
	}
}

// question is what is sent: each member once, in the order of the clauses, which the explanation keeps.
type question struct {
	members map[string]any
	order   []string
	held    time.Duration
	wrong   error
}

func questionOf(clauses []Clause) *question {
	asked := &question{members: map[string]any{}, held: defaultTimeout}
	for _, clause := range clauses {
		clause(asked)
	}
	return asked
}

// defaultTimeout is the server's.
const defaultTimeout = 3 * time.Second

func (q *question) once(name string, value any) {
	if _, twice := q.members[name]; twice {
		q.refuse(fmt.Sprintf("%q is asked twice, which cannot both be meant; leave one out.", name))
	}
	q.set(name, value)
}

func (q *question) set(name string, value any) {
	if _, there := q.members[name]; !there {
		q.order = append(q.order, name)
	}
	q.members[name] = value
}

func (q *question) list(name string, value any) {
	list, is := q.members[name].([]any)
	if before, there := q.members[name]; there && !is {
		q.refuse(fmt.Sprintf("%q is asked to be %v and %v, which cannot both be meant; leave one out.", name, before, value))
	}
	q.set(name, append(list, value))
}

func (q *question) refuse(sentence string) {
	if q.wrong == nil {
		q.wrong = &QuestionError{Detail: sentence}
	}
}

// within shortens the time to wait to what is left of the caller's.
func (q *question) within(left time.Duration) {
	if left < 0 {
		left = 0
	}
	if left < q.held {
		q.set("timeout", milliseconds(left))
		q.held = left
	}
}

func (q *question) json() ([]byte, error) {
	if q.wrong != nil {
		return nil, q.wrong
	}
	text := []byte{'{'}
	for i, name := range q.order {
		value := q.members[name]
		// The server's sentences about one text are about one text, not about a list.
		if list, is := value.([]any); is && len(list) == 1 {
			value = list[0]
		}
		written, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(strconv.AppendQuote(text, name), ':'), written...)
	}
	return append(text, '}'), nil
}

func text[T Text](name string, value T) Clause {
	return func(q *question) { q.list(name, wire(value)) }
}

func header(name string, value any) Clause {
	return func(q *question) {
		fields, is := q.members["header"].(map[string]any)
		if !is {
			fields = map[string]any{}
			q.set("header", fields)
		}
		list, _ := fields[name].([]any)
		if value == true {
			// That it is there follows from what is in it.
			if len(list) == 0 {
				fields[name] = true
			}
			return
		}
		fields[name] = append(list, value)
	}
}

func size(name string, bytes int64) Clause {
	return func(q *question) {
		sizes, is := q.members["size"].(map[string]any)
		if !is {
			sizes = map[string]any{}
			q.set("size", sizes)
		}
		if _, twice := sizes[name]; twice {
			q.refuse(fmt.Sprintf("%q is asked twice, which cannot both be meant; leave one out.", "size."+name))
		}
		sizes[name] = bytes
	}
}

// wire is a text as the server reads it.
func wire[T Text](value T) any {
	switch value := any(value).(type) {
	case *regexp.Regexp:
		if value == nil {
			return ""
		}
		// The server ignores case where nothing is said; Go counts it.
		return map[string]string{"regex": "(?-i)" + value.String()}
	case Pattern:
		return map[string]string{value.how: value.text}
	default:
		return reflect.ValueOf(value).String()
	}
}

// milliseconds rounds up, lest a short time becomes none.
func milliseconds(span time.Duration) string {
	whole := span.Milliseconds()
	if span > time.Duration(whole)*time.Millisecond {
		whole++
	}
	return fmt.Sprintf("%dms", whole)
}
