// Package shop is the application of the guide: it sends by SMTP, as its settings say.
package shop

import (
	"net"
	"net/smtp"
	"os"
)

// Settings are where the mail goes.
type Settings struct {
	Host, Port, User, Password string
}

// FromEnvironment is what the program runs with.
func FromEnvironment() Settings {
	return Settings{os.Getenv("SMTP_HOST"), os.Getenv("SMTP_PORT"), os.Getenv("SMTP_USER"), os.Getenv("SMTP_PASSWORD")}
}

// Shop is the application.
type Shop struct {
	Mail Settings
}

// SignUp welcomes someone.
func (s Shop) SignUp(address string) error {
	return s.send(address, "Welcome to the shop",
		"Your code is 481 516.\r\nConfirm here: https://shop.test/confirm?token=4f7k9q2m1b6n\r\n")
}

// ResetPassword sends the link to do so.
func (s Shop) ResetPassword(address string) error {
	return s.send(address, "Reset your password",
		"Choose a new password: https://shop.test/reset-password?token=9q2m1b6n4f7k\r\n")
}

func (s Shop) send(address, subject, text string) error {
	message := "From: Shop <hello@shop.test>\r\nTo: " + address + "\r\nSubject: " + subject + "\r\n\r\n" + text
	auth := smtp.PlainAuth("", s.Mail.User, s.Mail.Password, s.Mail.Host)
	return smtp.SendMail(net.JoinHostPort(s.Mail.Host, s.Mail.Port), auth, "hello@shop.test", []string{address}, []byte(message))
}
