import smtplib
import unittest

from restante import AsyncRestante, Restante


def place_order(smtp, to, subject):
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.login(smtp.user, smtp.password)
        client.sendmail("orders@shop.test", [to], f"From: orders@shop.test\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n")


def setUpModule():
    global restante
    restante = Restante.connect_or_start()
    unittest.addModuleCleanup(restante.close)


class Orders(unittest.TestCase):
    def test_an_order_is_confirmed(self):
        mailbox = restante.fresh_mailbox(self.id())
        place_order(mailbox.smtp, "ann@app.test", "Your odrer #42")
        mailbox.wait(to="ann@app.test", subject="Your order", timeout=0.2)


class AsyncOrders(unittest.IsolatedAsyncioTestCase):
    async def test_an_order_is_confirmed(self):
        async with await AsyncRestante.start() as own:
            await own.fresh_mailbox(self.id()).wait(to="ann@app.test", timeout=0.05)
