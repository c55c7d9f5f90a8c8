package shop

import (
	"testing"

	"github.com/restante/restante/clients/go"
)

func TestWelcome(t *testing.T) {
	mailbox := restante.MailboxFor(t)
	mailbox.MustWait(t, restante.Subjct("Welcome"))
	mailbox.MustWait(t, restante.Subject(42))
	mailbox.MustWait(t, restante.Timeout("5s"))
}
