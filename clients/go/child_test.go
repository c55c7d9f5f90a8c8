package restante_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/clients/go"
)

// These set variables of the environment, so that they run alone.

func started(t *testing.T) *restante.Catcher {
	t.Helper()
	catcher, err := restante.Start(background)
	ok(t, err)
	t.Cleanup(func() { _ = catcher.Close() })
	return catcher
}

func program(t *testing.T, script string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restante")
	ok(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	t.Setenv("RESTANTE_BIN", path)
}

func TestOneOfItsOwnStops(t *testing.T) {
	catcher := started(t)
	send(t, catcher.SMTP(), mail("Welcome", "Good day."))
	message := catcher.MustWait(t, restante.Subject("Welcome"))
	equal(t, "nobody's", message.Mailbox, "default")
	ok(t, catcher.Close())
	ok(t, catcher.Close())
	_, err := catcher.Wait(background)
	equal(t, "gone", err != nil && strings.Contains(err.Error(), "which this process started, was closed before this."), true)
	if _, err := net.Dial("tcp", catcher.SMTP().Address()); err == nil {
		t.Error("its port is still open")
	}
}

// Beside what did not match: what came too early, what went elsewhere, who broke off.
func TestAllThatAFailureTells(t *testing.T) {
	catcher := started(t)
	mailbox := catcher.Mailbox("worker-3")
	send(t, mailbox.SMTP(), mail("Welcome", "Good day."))
	cursor := mailbox.MustCursor(t)
	_, err := catcher.Deliver(background, []byte(mail("Welcome", "To nobody's mailbox.")))
	ok(t, err)
	connection, err := net.Dial("tcp", mailbox.SMTP().Address())
	ok(t, err)
	_, err = connection.Write([]byte("EHLO app.test\r\nMAIL FROM:<hello@shop.test>\r\nRCPT TO:<ann@app.test>\r\nDATA\r\nSubject: Wel"))
	ok(t, err)
	// The server has read all of it when it answers the DATA.
	for said := ""; !strings.Contains(said, "354"); {
		reply := make([]byte, 4096)
		length, err := connection.Read(reply)
		ok(t, err)
		said += string(reply[:length])
	}
	ok(t, connection.Close())
	_, err = mailbox.Wait(background, restante.Subject("Welcome"), restante.Since(cursor), restante.Timeout(300*time.Millisecond))
	var failed *restante.WaitError
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
	equal(t, "earlier", len(failed.Earlier) == 1 && failed.Earlier[0].Mailbox == "worker-3", true)
	equal(t, "elsewhere", len(failed.Elsewhere) == 1 && failed.Elsewhere[0].Mailbox == "default", true)
	if len(failed.Sessions) != 1 {
		t.Fatal(err)
	}
	equal(t, "door", failed.Sessions[0].Door, "smtp")
	equal(t, "trouble", strings.Contains(failed.Sessions[0].Trouble, "in the middle of a message"), true)
	equal(t, "peer", strings.HasPrefix(failed.Sessions[0].Peer, "127.0.0.1:"), true)
	equal(t, "created", time.Since(failed.Earlier[0].Created).Abs() < time.Hour, true)
}

func TestAStopEndsAWait(t *testing.T) {
	catcher := started(t)
	outcome := make(chan error)
	go func() {
		_, err := catcher.Wait(background, restante.Timeout(time.Minute))
		outcome <- err
	}()
	// A message that another wait has seen shows that the server answers; the first may be under way yet, which is one of
	// the ways that it can end.
	_, err := catcher.Deliver(background, []byte(mail("Welcome", "Good day.")))
	ok(t, err)
	ok(t, <-outcome)
	go func() {
		_, err := catcher.Wait(background, restante.Subject("Never"), restante.Timeout(time.Minute))
		outcome <- err
	}()
	ok(t, catcher.Close())
	err = <-outcome
	var stopped *restante.ResponseError
	var gone *restante.UnreachableError
	equal(t, "says so: "+err.Error(), errors.As(err, &stopped) && stopped.Status == 503 || errors.As(err, &gone), true)
}

func TestConnectingToOneThatRuns(t *testing.T) {
	running := started(t)
	t.Setenv("RESTANTE_URL", running.URL())
	t.Setenv("RESTANTE_BIN", "/nowhere/restante")
	catcher, err := restante.Open(background)
	ok(t, err)
	equal(t, "smtp", catcher.SMTP(), running.SMTP())
	mailbox := catcher.FreshMailbox(t.Name())
	send(t, mailbox.SMTP(), mail("Welcome", "Good day."))
	mailbox.MustWait(t, restante.Subject("Welcome"))
	ok(t, catcher.Close())
	equal(t, "still there", len(running.MustMessages(t, "")), 1)

	t.Setenv("RESTANTE_SMTP_ADDRESS", "mail.test:40025")
	elsewhere, err := restante.Connect(background, running.URL())
	ok(t, err)
	equal(t, "said", elsewhere.SMTP().Address(), "mail.test:40025")
	t.Setenv("RESTANTE_SMTP_ADDRESS", "40025")
	_, err = restante.Connect(background, running.URL())
	equal(t, "said wrong", err != nil && strings.Contains(err.Error(), "write it like localhost:2525"), true)
}

func TestOtherFlags(t *testing.T) {
	t.Setenv("RESTANTE_SMTP_ADDRESS", "mail.test:40025")
	equal(t, "not said to a child", started(t).SMTP().Host, "127.0.0.1")
	catcher, err := restante.Start(background, "--auth-required")
	ok(t, err)
	defer catcher.Close()
	_, err = restante.Start(background, "--no-such-flag")
	equal(t, "refused", err != nil && strings.Contains(err.Error(), "--no-such-flag"), true)
	_, err = restante.Start(background, "--smtp", "off", "--submission", "off", "--smtps", "off")
	equal(t, "no door", err != nil, true)
}

func TestNoBinary(t *testing.T) {
	t.Setenv("RESTANTE_BIN", "/nowhere/restante")
	_, err := restante.Start(background)
	equal(t, "named", err.Error(), `No Restante can be started: RESTANTE_BIN is "/nowhere/restante": no such file or directory. `+
		`Install it, say where the program is in RESTANTE_BIN, or name one that runs in RESTANTE_URL.`)
	t.Setenv("RESTANTE_BIN", "")
	t.Setenv("PATH", t.TempDir())
	_, err = restante.Start(background)
	equal(t, "not on PATH", strings.Contains(err.Error(), `there is no "restante" on PATH`), true)
}

func TestABinaryThatEndsAtOnce(t *testing.T) {
	program(t, "echo 'the port is taken' >&2; exit 2")
	_, err := restante.Start(background)
	equal(t, "sentence", err.Error(), os.Getenv("RESTANTE_BIN")+" did not say where it is. It ended with exit status 2:\nthe port is taken")
	program(t, "exit 0")
	_, err = restante.Start(background)
	equal(t, "no words", strings.Contains(err.Error(), "It printed nothing."), true)
	program(t, "echo 'Hello, I am another program'; cat >/dev/null")
	_, err = restante.Start(background)
	equal(t, "other words", strings.Contains(err.Error(), "Hello, I am another program"), true)
}

func TestABinaryThatNeverOpens(t *testing.T) {
	program(t, "echo 'starting' >&2; exec cat")
	ctx, cancel := context.WithTimeout(background, 100*time.Millisecond)
	defer cancel()
	_, err := restante.Start(ctx)
	equal(t, "in time", errors.Is(err, context.DeadlineExceeded), true)
}

func TestTheContextOfAWait(t *testing.T) {
	t.Parallel()
	mailbox := restante.MailboxFor(t)
	ctx, cancel := context.WithTimeout(background, 300*time.Millisecond)
	defer cancel()
	_, err := mailbox.Wait(ctx, restante.Subject("Welcome"), restante.Timeout(time.Minute))
	var failed *restante.WaitError
	equal(t, "explained at its end", errors.As(err, &failed) && failed.Timeout > 0 && failed.Timeout <= 300*time.Millisecond, true)

	asked := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/api/v1/info" {
			fmt.Fprint(answer, `{"Doors":[{"Kind":"smtp","Host":"localhost","Port":25}]}`)
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		asked <- true
		<-request.Context().Done()
	}))
	defer server.Close()
	silent, err := restante.Connect(background, server.URL)
	ok(t, err)
	for _, most := range []time.Duration{20 * time.Second, time.Hour} {
		ctx, cancel = context.WithTimeout(background, most)
		outcome := make(chan error)
		go func() {
			_, err := silent.Wait(ctx, restante.Timeout(time.Minute))
			outcome <- err
		}()
		<-asked
		cancel()
		equal(t, "cancelled", errors.Is(<-outcome, context.Canceled), true)
	}
	_, err = mailbox.Wait(ctx)
	equal(t, "ended before", errors.Is(err, context.Canceled), true)

	ctx, cancel = context.WithTimeout(background, 50*time.Millisecond)
	defer cancel()
	equal(t, "none is not shortened", errors.Is(mailbox.None(ctx, time.Minute), context.DeadlineExceeded), true)
}

func TestAnotherServerIsNone(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	defer listener.Close()
	answers := make(chan string, 2)
	answers <- "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
	answers <- "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\nConnection: close\r\n\r\nNo page"
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Read(make([]byte, 4096))
			_, _ = connection.Write([]byte(<-answers))
			_ = connection.Close()
		}
	}()
	_, err = restante.Connect(background, "http://"+listener.Addr().String())
	equal(t, "no doors", err != nil && strings.Contains(err.Error(), "is not a Restante"), true)
	_, err = restante.Connect(background, "http://"+listener.Addr().String())
	equal(t, "no info", err != nil && strings.Contains(err.Error(), "/api/v1/info was answered 404 Not Found: No page"), true)
}
