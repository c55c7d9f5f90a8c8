from django.core.mail import EmailMultiAlternatives


def welcome(user):
    text = "Your code is 481 516.\n"
    message = EmailMultiAlternatives("Welcome to the shop", text, "hello@shop.test", [user.email])
    link = "https://shop.test/confirm?token=4f7k9q2m1b6n"
    message.attach_alternative(f'<p>Your code is 481 516.</p><a href="{link}">Confirm</a>', "text/html")
    message.send()


def reset_password(user):
    EmailMultiAlternatives("Reset your password", "Soon.\n", "hello@shop.test", [user.email]).send()
