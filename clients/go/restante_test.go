package restante_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/smtp"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restante/restante/clients/go"
)

// send is the application: it logs in as Go programs do.
func send(t restante.TB, to restante.SMTP, source string) {
	t.Helper()
	auth := smtp.PlainAuth("", to.User, to.Password, to.Host)
	err := smtp.SendMail(to.Address(), auth, "hello@shop.test", []string{"ann@app.test"}, []byte(source))
	if err != nil {
		t.Fatalf("not sent: %v", err)
	}
}

func mail(subject, body string) string {
	return "From: The shop <hello@shop.test>\r\nTo: Ann <ann@app.test>\r\nSubject: " + subject + "\r\n\r\n" + body + "\r\n"
}

var background = context.Background()

func TestAMessageIsAnsweredWhole(t *testing.T) {
	t.Parallel()
	mailbox := restante.MailboxFor(t)
	pdf := bytes.Repeat([]byte{0, 1, 2, 0xff}, 300)
	source := "From: =?utf-8?q?Ren=C3=A9?= <rene@shop.test>\r\nTo: Ann <ann@app.test>, bob@app.test\r\nCc: carl@app.test\r\n" +
		"Reply-To: help@shop.test\r\nSubject: =?utf-8?b?5rOo5YaM?= =?utf-8?q?_caf=C3=A9?=\r\nMessage-ID: <1@shop.test>\r\n" +
		"Date: Thu, 26 Nov 2026 10:00:00 +0100\r\nX-Kind: =?utf-8?q?d=C3=A9j=C3=A0?=\r\nX-Tags: signup\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Your code is <b>481 516</b>. <a href=\"https://app.test/verify?token=abcdefgh12345\">Confirm email</a></p>\r\n" +
		"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a b.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		wrapped(pdf) +
		"--b\r\nContent-Type: image/png\r\nContent-Disposition: inline; filename=logo.png\r\nContent-ID: <logo@shop>\r\n\r\nPNG\r\n--b--\r\n"
	send(t, mailbox.SMTP(), source)
	message := mailbox.MustWait(t, restante.To("ann@app.test"))

	equal(t, "subject", message.Subject, "注册 café")
	equal(t, "from", message.From.String(), "René <rene@shop.test>")
	equal(t, "to", message.To, []restante.Address{{Name: "Ann", Address: "ann@app.test"}, {Address: "bob@app.test"}})
	equal(t, "cc", message.Cc, []restante.Address{{Address: "carl@app.test"}})
	equal(t, "bcc", len(message.Bcc), 0)
	equal(t, "reply-to", message.ReplyTo, []restante.Address{{Address: "help@shop.test"}})
	equal(t, "message id", message.MessageID, "1@shop.test")
	equal(t, "date", message.Date.UTC().Format(time.RFC3339), "2026-11-26T09:00:00Z")
	equal(t, "created lately", time.Since(message.Created).Abs() < time.Hour, true)
	equal(t, "html", strings.Contains(message.HTML, "<b>481 516</b>"), true)
	equal(t, "text", strings.Contains(message.Text, "Your code is 481 516"), true)
	equal(t, "code", message.Code(), "481516")
	equal(t, "shown", message.Codes[0].Shown, "481 516")
	equal(t, "link", message.Link(), "https://app.test/verify?token=abcdefgh12345")
	equal(t, "link's words", message.MainLink.Text+message.Links[0].Purpose, "Confirm emailverify")
	equal(t, "tags", message.Tags, []string{"signup"})
	equal(t, "mailbox", message.Mailbox, mailbox.Name())
	equal(t, "envelope from", message.Envelope.From.Address, "hello@shop.test")
	equal(t, "envelope to", message.Envelope.To[0].Address, "ann@app.test")
	equal(t, "login", message.Envelope.Auth.User, mailbox.Name())
	equal(t, "door", message.Envelope.Door, "smtp")
	equal(t, "no tls", message.Envelope.TLS == nil, true)
	equal(t, "size", message.Size, int64(len(source)))
	equal(t, "json", bytes.Contains(message.JSON(), []byte(`"ListUnsubscribe"`)), true)
	equal(t, "line", message.String(), `"注册 café" from hello@shop.test to ann@app.test`)

	equal(t, "attachments", len(message.Attachments), 1)
	part := message.Attachments[0]
	equal(t, "part", part.Name+" "+part.Type, "a b.pdf application/pdf")
	equal(t, "part's size", part.Size, int64(len(pdf)))
	content, err := part.Bytes(background)
	ok(t, err)
	equal(t, "bytes", bytes.Equal(content, pdf), true)
	digest := sha256.Sum256(pdf)
	equal(t, "digest", part.Digests.SHA256, hex.EncodeToString(digest[:]))

	equal(t, "inline", message.Inline[0].ContentID+" "+message.Inline[0].Type, "logo@shop image/png")
	content, err = message.Inline[0].Bytes(background)
	ok(t, err)
	equal(t, "inline bytes", string(content), "PNG")

	kind, err := message.Header(background, "x-kind")
	ok(t, err)
	equal(t, "header, decoded", kind, "déjà")
	absent, err := message.Header(background, "X-Absent")
	ok(t, err)
	equal(t, "absent header", absent, "")
	fields, err := message.Headers(background)
	ok(t, err)
	equal(t, "header as sent", fields.Get("X-Kind"), "=?utf-8?q?d=C3=A9j=C3=A0?=")
	raw, err := message.Raw(background)
	ok(t, err)
	equal(t, "raw", string(raw), source)
}

func TestClausesAreUnderstood(t *testing.T) {
	t.Parallel()
	mailbox := restante.MailboxFor(t)
	source := strings.Replace(mail("Order #42", "It leaves tomorrow."), "Subject:", "X-Kind: order\r\nX-Tags: signup\r\nCc: carl@app.test\r\nBcc: dora@app.test\r\nReply-To: help@shop.test\r\nMessage-ID: <1@shop.test>\r\nDate: Thu, 26 Nov 2026 10:00:00 +0100\r\nSubject:", 1)
	send(t, mailbox.SMTP(), source)
	type name string
	fits := map[string]restante.Clause{
		"from":           restante.From("hello@shop.test"),
		"to":             restante.To("ann@"),
		"cc":             restante.Cc("carl@app.test"),
		"bcc":            restante.Bcc("dora@app.test"),
		"reply to":       restante.ReplyTo("help@shop.test"),
		"envelope":       restante.Envelope("ann@app.test"),
		"subject":        restante.Subject("ORDER"),
		"named string":   restante.Subject(name("order")),
		"equals":         restante.Subject(restante.Equals("Order #42")),
		"contains":       restante.Subject(restante.Contains("#42")),
		"matches":        restante.Subject(restante.Matches("ORDER #[0-9]+$")),
		"regexp":         restante.Subject(regexp.MustCompile(`^Order #\d+$`)),
		"regexp (?i)":    restante.Subject(regexp.MustCompile(`(?i)^ORDER`)),
		"regexp (?s)":    restante.Body(regexp.MustCompile(`(?s)^It.*tomorrow\..*$`)),
		"body":           restante.Body("leaves tomorrow"),
		"message id":     restante.MessageID("1@shop.test"),
		"header":         restante.Header("x-kind", "order"),
		"header regexp":  restante.Header("X-Kind", regexp.MustCompile("^ord")),
		"has header":     restante.HasHeader("X-Kind"),
		"tag":            restante.Tag("signup"),
		"no attachment":  restante.NoAttachment(),
		"larger":         restante.LargerThan(10),
		"smaller":        restante.SmallerThan(10_000),
		"no findings":    restante.NoFindings(),
		"not refusable":  restante.Refusable(false),
		"query":          restante.Query("subject:order -is:read"),
		"since a time":   restante.SinceTime(time.Now().Add(-time.Hour)),
		"a long timeout": restante.Timeout(300 * time.Second),
	}
	fails := map[string]restante.Clause{
		"from":          restante.From("nobody@shop.test"),
		"whole address": restante.To("nn@app.test"),
		"bcc":           restante.Bcc("ann@app.test"),
		"equals":        restante.Subject(restante.Equals("order #42")),
		"regexp's case": restante.Subject(regexp.MustCompile(`^ORDER`)),
		"body":          restante.Body("yesterday"),
		"header":        restante.Header("X-Kind", "welcome"),
		"no header":     restante.HasHeader("X-Absent"),
		"tag":           restante.Tag("beta"),
		"attachment":    restante.Attachment(),
		"named":         restante.Attachment(restante.Named("a.pdf"), restante.OfType("application/pdf"), restante.WithDigest(strings.Repeat("0", 32))),
		"larger":        restante.LargerThan(10_000),
		"smaller":       restante.SmallerThan(10),
		"findings":      restante.Findings(),
		"finding":       restante.Findings("bare-lf"),
		"refusable":     restante.Refusable(true),
		"query":         restante.Query("-subject:order"),
		"since":         restante.Since(mailbox.MustCursor(t)),
		"in the future": restante.SinceTime(time.Now().Add(time.Hour)),
	}
	for name, clause := range fits {
		if _, err := mailbox.Wait(background, clause); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, clause := range fails {
		_, err := mailbox.Wait(background, clause, restante.Timeout(0))
		var failed *restante.WaitError
		if !errors.As(err, &failed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var failed *restante.WaitError
	_, err := mailbox.Wait(background, restante.Subject("Order"), restante.Subject("Welcome"), restante.Timeout(0))
	equal(t, "two texts are both meant", errors.As(err, &failed) && strings.Contains(failed.Detail, "subject:Order subject:Welcome"), true)
}

func TestSeveralExactlyAndNone(t *testing.T) {
	t.Parallel()
	mailbox := restante.MailboxFor(t)
	start := mailbox.MustCursor(t)
	mailbox.MustNone(t, 50*time.Millisecond)
	for _, subject := range []string{"Code 1", "Code 2", "Welcome"} {
		send(t, mailbox.SMTP(), mail(subject, "Good day."))
	}
	two := mailbox.MustWaitAtLeast(t, 2, restante.Subject("code"))
	equal(t, "oldest first", two[0].Subject+two[1].Subject, "Code 1Code 2")
	equal(t, "exactly", len(mailbox.MustWaitExactly(t, 2, restante.Subject("code"))), 2)
	equal(t, "since", len(mailbox.MustWaitExactly(t, 3, restante.Since(start))), 3)
	third := mailbox.MustWait(t, restante.Since(two[0].Cursor))
	equal(t, "next", third.Subject, "Welcome")
	mailbox.MustNone(t, 50*time.Millisecond, restante.Since(third.Cursor))

	var failed *restante.WaitError
	_, err := mailbox.WaitExactly(background, 1, restante.Subject("code"))
	equal(t, "too many", errors.As(err, &failed) && failed.TooMany && len(failed.Found) == 2 && failed.Expected == "exactly 1", true)
	err = mailbox.None(background, time.Minute, restante.Subject("code 1"))
	equal(t, "not none", errors.As(err, &failed) && failed.TooMany && failed.Found[0].Subject == "Code 1", true)
	_, err = mailbox.WaitAtLeast(background, 4, restante.Timeout(20*time.Millisecond))
	equal(t, "too few", errors.As(err, &failed) && !failed.TooMany && len(failed.Found) == 3 && failed.Timeout == 20*time.Millisecond, true)

	listed := mailbox.MustMessages(t, "")
	equal(t, "newest first", listed[0].Subject+fmt.Sprint(len(listed)), "Welcome3")
	equal(t, "search", mailbox.MustMessages(t, "subject:code")[0].String(), `"Code 2" from hello@shop.test to ann@app.test`)
	latest, err := mailbox.Latest(background)
	ok(t, err)
	equal(t, "latest", latest.ID, third.ID)
	again, err := mailbox.Message(background, two[1].ID)
	ok(t, err)
	equal(t, "by id", again.Subject, "Code 2")
}

func TestWhyAWaitFailed(t *testing.T) {
	t.Parallel()
	catcher := restante.New(t)
	mailbox, other := restante.MailboxFor(t), restante.MailboxFor(t)
	send(t, mailbox.SMTP(), mail("Welcom", "Good day."))
	send(t, other.SMTP(), mail("Welcome", "Good day."))
	_, err := mailbox.Wait(background, restante.Subject("Welcome"), restante.Timeout(30*time.Millisecond))
	var failed *restante.WaitError
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if first := fmt.Sprintf("No message in mailbox %q matched subject:Welcome within 30 ms.\n", mailbox.Name()); !strings.HasPrefix(err.Error(), first) {
		t.Errorf("%q does not begin with %q", err, first)
	}
	equal(t, "query", failed.Query, "subject:Welcome")
	equal(t, "arrived", failed.ArrivedCount, 1)
	equal(t, "near", failed.NearMisses[0].Message.Subject, "Welcom")
	equal(t, "failed", failed.NearMisses[0].Failed, []restante.FailedClause{{Clause: "subject", Expected: `to contain "Welcome"`, Found: `"Welcom"`}})
	_, err = catcher.Wait(background, restante.InMailbox(mailbox.Name()), restante.Subject("Welcome"), restante.Timeout(0))
	equal(t, "a mailbox as a clause", err != nil && strings.Contains(err.Error(), mailbox.Name()), true)
}

func TestQuestionsThatAreNotUnderstood(t *testing.T) {
	t.Parallel()
	mailbox := restante.MailboxFor(t)
	for sentence, clauses := range map[string][]restante.Clause{
		"is not a regular expression":   {restante.Subject(restante.Matches("(?=ahead)"))},
		`"subject" is empty`:            {restante.Subject("")},
		"there is no finding":           {restante.Findings("bare-life")},
		`"timeout" is asked twice`:      {restante.Timeout(1), restante.Timeout(2)},
		"findings":                      {restante.NoFindings(), restante.Findings("bare-lf")},
		"is more than the 300 s":        {restante.Timeout(math.MaxInt64)},
		"The name of one attachment is": {restante.Attachment(restante.Named("a"), restante.Named("b"))},
		`"size.larger" is asked twice`:  {restante.LargerThan(1), restante.LargerThan(2)},
		`the address asks mailbox`:      {restante.InMailbox("another")},
	} {
		_, err := mailbox.Wait(background, clauses...)
		var question *restante.QuestionError
		if !errors.As(err, &question) || !strings.Contains(err.Error(), sentence) {
			t.Errorf("%q is not said by: %v", sentence, err)
		}
	}
	_, err := mailbox.Messages(background, "(subject:a")
	equal(t, "a search", errors.As(err, new(*restante.QuestionError)), true)
	_, err = mailbox.Latest(background)
	equal(t, "none", errors.Is(err, restante.ErrNoMessage), true)
	_, err = mailbox.WaitExactly(background, 0)
	equal(t, "exactly none", err != nil && strings.Contains(err.Error(), `"none"`), true)
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	catcher := restante.New(t)
	for _, name := range []string{"a/b c", "ann@app.test", "100%", "%2F", "📬", "a?b=c#d", "../..", "./", "a+b", `a"b\c`, "A", "a", "name:with:colons"} {
		name := name + catcher.FreshMailbox("-").Name()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mailbox := catcher.Mailbox(name)
			send(t, mailbox.SMTP(), mail("Welcome", "Good day."))
			message := mailbox.MustWait(t, restante.Subject("Welcome"))
			equal(t, "mailbox", message.Mailbox, name)
			equal(t, "listed", len(mailbox.MustMessages(t, "")), 1)
			_, err := message.Raw(background)
			ok(t, err)
			ok(t, mailbox.Clear(background))
			equal(t, "cleared", len(mailbox.MustMessages(t, "")), 0)
		})
	}
	smtp := catcher.Mailbox("a/b@c:d%").SMTP().URL()
	equal(t, "url", regexp.MustCompile(`^smtp://a%2Fb%40c%3Ad%25:x@[^@/]+:\d+$`).MatchString(smtp), true)
	equal(t, "no login", regexp.MustCompile(`^smtp://[^@]+:\d+$`).MatchString(catcher.SMTP().URL()), true)
	equal(t, "no step in the path", strings.HasSuffix(catcher.Mailbox("..").URL(), "/mailbox/%2E%2E/"), true)
	equal(t, "default", catcher.Mailbox("").Name(), "default")
}

func TestFreshNames(t *testing.T) {
	t.Parallel()
	catcher := restante.New(t)
	for hint, name := range map[string]string{
		"TestSignUp/with a code": "TestSignUp-with-a-code",
		"":                       "mailbox",
		"注册":                     "mailbox",
		"-- a --":                "a",
		strings.Repeat("x", 60):  strings.Repeat("x", 40),
	} {
		fresh := catcher.FreshMailbox(hint).Name()
		if !regexp.MustCompile("^" + regexp.QuoteMeta(name) + "-[a-z0-9]{8}$").MatchString(fresh) {
			t.Errorf("%q became %q", hint, fresh)
		}
	}
}

func TestClearTouchesNoOtherMailbox(t *testing.T) {
	t.Parallel()
	catcher, one, other := restante.New(t), restante.MailboxFor(t), restante.MailboxFor(t)
	send(t, one.SMTP(), mail("Welcome", "Good day."))
	send(t, other.SMTP(), mail("Welcome", "Good day."))
	ok(t, one.Clear(background))
	// No client can log in by these, and neither is a step in the path.
	ok(t, catcher.Mailbox("..").Clear(background))
	ok(t, catcher.Mailbox(".").Clear(background))
	one.MustNone(t, 0)
	other.MustWaitExactly(t, 1)
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	mailbox := restante.MailboxFor(t)
	id, err := mailbox.Deliver(background, []byte(mail("By hand", "Good day.")), restante.Sender("a+b@shop.test"), restante.Recipients("bob@app.test", "carl@app.test"))
	ok(t, err)
	message := mailbox.MustWait(t)
	equal(t, "id", message.ID, id)
	equal(t, "envelope", message.String(), `"By hand" from a+b@shop.test to bob@app.test, carl@app.test`)
	_, err = mailbox.Deliver(background, []byte("Subject: to nobody\r\n\r\n"))
	equal(t, "refused", err != nil && strings.Contains(err.Error(), "names no recipient"), true)
}

func TestAnAddressOfItsOwnForEachWorker(t *testing.T) {
	t.Parallel()
	for worker := 0; worker < 32; worker++ {
		body := fmt.Sprintf("Good day, number %d.", worker)
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			mailbox := restante.MailboxFor(t)
			send(t, mailbox.SMTP(), mail("Welcome", body))
			message := mailbox.MustWait(t, restante.To("ann@app.test"), restante.Subject("Welcome"))
			equal(t, "text", message.Text, body+"\r\n")
			equal(t, "alone", len(mailbox.MustMessages(t, "")), 1)
		})
	}
}

func TestManyWaitsAtOnce(t *testing.T) {
	t.Parallel()
	catcher := restante.New(t)
	var waits, asked sync.WaitGroup
	boxes := make([]*restante.Mailbox, 64)
	for i := range boxes {
		boxes[i] = catcher.FreshMailbox("many")
		waits.Add(1)
		asked.Add(1)
		go func(mailbox *restante.Mailbox) {
			defer waits.Done()
			asked.Done()
			if _, err := mailbox.Wait(background, restante.Timeout(20*time.Second)); err != nil {
				t.Error(err)
			}
		}(boxes[i])
	}
	asked.Wait()
	for i := len(boxes) - 1; i >= 0; i-- {
		_, err := boxes[i].Deliver(background, []byte(mail("Welcome", "Good day.")))
		ok(t, err)
	}
	waits.Wait()
}

func wrapped(content []byte) string {
	text := &strings.Builder{}
	for len(content) > 0 {
		length := 57
		if len(content) < length {
			length = len(content)
		}
		text.WriteString(base64.StdEncoding.EncodeToString(content[:length]) + "\r\n")
		content = content[length:]
	}
	return text.String()
}

func equal(t *testing.T, what string, found, expected any) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Errorf("%s: found %#v, expected %#v", what, found, expected)
	}
}

func ok(t restante.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}
