// Package restante asks Restante, a local mail catcher, what an application has sent: "did it arrive, and if not, what came
// close?"
//
// A test takes a mailbox of its own, has the application log in to SMTP by its name, and waits:
//
//	func TestWhoeverSignsUpIsWelcomed(t *testing.T) {
//		t.Parallel()
//		mailbox := restante.MailboxFor(t)
//		signUp(mailbox.SMTP(), "ann@app.test") // the application
//		welcome := mailbox.MustWait(t, restante.To("ann@app.test"), restante.Subject("Welcome"))
//		visit(welcome.Link())
//	}
//
// Nothing polls and nothing sleeps: the server answers as soon as the message is there. If it does not come, the test ends
// at that line with the server's explanation of what came instead.
//
// All tests of a binary share one catcher, see [New]: the one that RESTANTE_URL names, or else one that is started for
// them, from the program that RESTANTE_BIN names, or else from "restante" on PATH. However parallel the tests are, none
// sees the mail of another, since a message belongs to the mailbox of its SMTP user name.
//
// Outside of tests, [Connect], [Start] and [Open] give a [Catcher], and its methods take a context and return errors.
package restante
