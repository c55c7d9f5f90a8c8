from test_shop import place_order


def test_a_misspelt_clause(mailbox):
    mailbox.wait(too="ann@app.test")


def test_a_wrong_expression(mailbox):
    mailbox.wait(subject={"regex": "order #("})


def test_sent_twice(mailbox):
    place_order(mailbox.smtp, "ann@app.test", "Your order #42")
    place_order(mailbox.smtp, "ann@app.test", "Your order #42")
    mailbox.wait_several(exactly=1, subject="Your order")


def test_none(mailbox):
    place_order(mailbox.smtp, "ann@app.test", "Your order #42")
    mailbox.none(to="ann@app.test")


def test_its_content(worker_mailbox):
    place_order(worker_mailbox.smtp, "ann@app.test", "Your order #42")
    assert worker_mailbox.wait(to="ann@app.test").subject == "Your order #43"
