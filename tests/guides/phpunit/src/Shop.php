<?php

use PHPMailer\PHPMailer\PHPMailer;

/** The application: it knows its mail server from its environment. */
final class Shop
{
    public function signUp(string $address): void
    {
        $this->send($address, 'Welcome to the shop', "Your code is 481 516.\n"
            . "Confirm here: https://shop.test/confirm?token=4f7k9q2m1b6n\n");
    }

    public function resetPassword(string $address): void
    {
        $this->send($address, 'Reset your password', "Follow https://shop.test/reset?token=8h2j5n1c7x4v\n");
    }

    private function send(string $address, string $subject, string $text): void
    {
        $mail = new PHPMailer(true);
        $mail->isSMTP();
        $mail->Host = getenv('SMTP_HOST') ?: 'localhost';
        $mail->Port = (int) (getenv('SMTP_PORT') ?: 2525);
        $mail->SMTPAuth = (bool) getenv('SMTP_USER');
        $mail->Username = (string) getenv('SMTP_USER');
        $mail->Password = (string) getenv('SMTP_PASSWORD');
        $mail->setFrom('hello@shop.test', 'Shop');
        $mail->addAddress($address);
        $mail->Subject = $subject;
        $mail->Body = $text;
        $mail->send();
    }
}
