package shop

import (
	"net/smtp"
	"testing"

	"github.com/restante/restante/clients/go"
)

func TestWelcome(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	to := mailbox.SMTP()
	auth := smtp.PlainAuth("", to.User, to.Password, to.Host)
	source := "To: ann@app.test\r\nSubject: Welcome\r\n\r\nhttps://app.test/verify?token=abcdefgh12345\r\n"
	if err := smtp.SendMail(to.Address(), auth, "hello@shop.test", []string{"ann@app.test"}, []byte(source)); err != nil {
		t.Fatal(err)
	}
	welcome := mailbox.MustWait(t, restante.To("ann@app.test"), restante.Subject("Welcome"))
	if welcome.Link() != "https://app.test/verify?token=abcdefgh12345" {
		t.Errorf("the link is %q", welcome.Link())
	}
}
