"""The application: it takes its SMTP settings from the environment."""

import os
import smtplib
from email.message import EmailMessage


def sign_up(address):
    send(address, "Welcome to the shop", "Your code is 481 516.\nhttps://shop.test/confirm?token=4f7k9q2m1b6n\n")


def reset_password(address):
    send(address, "Reset your password", "https://shop.test/reset?token=4f7k9q2m1b6n\n")


def send(address, subject, text):
    message = EmailMessage()
    message["From"] = "hello@shop.test"
    message["To"] = address
    message["Subject"] = subject
    message.set_content(text)
    with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])) as smtp:
        smtp.login(os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])
        smtp.send_message(message)
