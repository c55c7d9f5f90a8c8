import smtplib


def place_order(smtp, to, subject):
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.login(smtp.user, smtp.password)
        client.sendmail("orders@shop.test", [to], f"From: orders@shop.test\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n")


def test_an_order_is_confirmed(mailbox):
    place_order(mailbox.smtp, "bob@app.test", "Your invoice")
    place_order(mailbox.smtp, "ann@app.test", "Your odrer #42")

    message = mailbox.wait(to="ann@app.test", subject="Your order", timeout=0.2)

    assert "#42" in message.subject
