package restante_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/restante/restante/clients/go"
)

// signUp stands for the application.
func signUp(mailbox *restante.Mailbox, address string) {
	source := "From: hello@shop.test\r\nTo: " + address + "\r\nSubject: Welcome to the shop\r\nMessage-ID: <1@shop.test>\r\n\r\n" +
		"Your code is 481516.\r\nConfirm your email: https://app.test/verify?token=abcdefgh12345\r\n"
	if _, err := mailbox.Deliver(context.Background(), []byte(source)); err != nil {
		panic(err)
	}
}

func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	catcher, err := restante.Open(ctx)
	if err != nil {
		panic(err)
	}
	defer catcher.Close()
	mailbox := catcher.FreshMailbox("sign-up")

	signUp(mailbox, "ann@app.test")

	welcome, err := mailbox.Wait(ctx, restante.To("ann@app.test"), restante.Subject("Welcome"))
	if err != nil {
		panic(err)
	}
	fmt.Println(welcome)
	fmt.Println(welcome.Code())
	fmt.Println(welcome.Link())
	// Output:
	// "Welcome to the shop" from hello@shop.test to ann@app.test
	// 481516
	// https://app.test/verify?token=abcdefgh12345
}

func ExampleWaitError() {
	catcher, err := restante.Open(context.Background())
	if err != nil {
		panic(err)
	}
	defer catcher.Close()
	mailbox := catcher.FreshMailbox("sign-up")
	signUp(mailbox, "ann@app.test")

	_, err = mailbox.Wait(context.Background(), restante.Subject("Goodbye"), restante.Timeout(50*time.Millisecond))
	var failed *restante.WaitError
	if errors.As(err, &failed) {
		first, _, _ := strings.Cut(failed.Detail, "\n")
		fmt.Println(strings.ReplaceAll(first, mailbox.Name(), "sign-up-…"))
		for _, near := range failed.NearMisses {
			fmt.Println(near.Message.Subject, "fails", near.Failed[0].Clause)
		}
	}
	// Output:
	// No message in mailbox "sign-up-…" matched subject:Goodbye within 50 ms.
	// Welcome to the shop fails subject
}

func ExampleSubject() {
	catcher, err := restante.Open(context.Background())
	if err != nil {
		panic(err)
	}
	defer catcher.Close()
	mailbox := catcher.FreshMailbox("sign-up")
	signUp(mailbox, "ann@app.test")

	for _, clause := range []restante.Clause{
		restante.Subject("welcome"),                              // contained, whatever the case
		restante.Subject(restante.Equals("Welcome to the shop")), // to the letter
		restante.Subject(regexp.MustCompile(`^Welcome to \w+`)),  // with Go's meaning of the case
	} {
		message, err := mailbox.Wait(context.Background(), clause)
		fmt.Println(message, err)
	}
	// Output:
	// "Welcome to the shop" from hello@shop.test to ann@app.test <nil>
	// "Welcome to the shop" from hello@shop.test to ann@app.test <nil>
	// "Welcome to the shop" from hello@shop.test to ann@app.test <nil>
}
