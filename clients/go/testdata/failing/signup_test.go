package shop

import (
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/clients/go"
)

func signUp(t *testing.T, to restante.SMTP, address, subject string) {
	t.Helper()
	message := "From: hello@shop.test\r\nTo: " + address + "\r\nSubject: " + subject + "\r\n\r\nGood day.\r\n"
	auth := smtp.PlainAuth("", to.User, to.Password, to.Host)
	if err := smtp.SendMail(to.Address(), auth, "hello@shop.test", []string{address}, []byte(message)); err != nil {
		t.Fatal(err)
	}
}

func TestWelcome(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	signUp(t, mailbox.SMTP(), "ann@app.test", "Welcom to the shop")
	welcome := mailbox.MustWait(t, restante.To("ann@app.test"), restante.Subject("Welcome"), restante.Timeout(100*time.Millisecond))
	t.Log(welcome)
}

func TestNothingWasSent(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	mailbox.MustWait(t, restante.To("ann@app.test"), restante.Timeout(100*time.Millisecond))
}

func TestSentTwice(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	signUp(t, mailbox.SMTP(), "ann@app.test", "Welcome")
	signUp(t, mailbox.SMTP(), "ann@app.test", "Welcome")
	mailbox.MustWaitExactly(t, 1, restante.Subject("Welcome"))
}

func TestNobodyIsTold(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	signUp(t, mailbox.SMTP(), "ann@app.test", "Welcome")
	mailbox.MustNone(t, 100*time.Millisecond, restante.To("ann@app.test"))
}

func TestLookAhead(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	mailbox.MustWait(t, restante.Subject(restante.Matches("(?=Welcome)")))
}

func TestAnotherAssertion(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	signUp(t, mailbox.SMTP(), "ann@app.test", "Welcome")
	welcome := mailbox.MustWait(t, restante.Subject("Welcome"))
	if !strings.Contains(welcome.Text, "discount") {
		t.Errorf("no discount in %q", welcome.Text)
	}
}
