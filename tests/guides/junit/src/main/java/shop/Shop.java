package shop;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/** The application of the guide: it sends by Jakarta Mail, as its settings say. */
public final class Shop {
    private final Session session;

    /** Where the mail goes. */
    public record Settings(String host, int port, String user, String password) {
        /** What the program runs with. */
        public static Settings fromEnvironment() {
            int port = Integer.parseInt(System.getenv("SMTP_PORT"));
            return new Settings(System.getenv("SMTP_HOST"), port, System.getenv("SMTP_USER"), System.getenv("SMTP_PASSWORD"));
        }
    }

    public Shop(Settings settings) {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", settings.host());
        properties.put("mail.smtp.port", String.valueOf(settings.port()));
        properties.put("mail.smtp.auth", "true");
        session = Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(settings.user(), settings.password());
            }
        });
    }

    public void signUp(String address) throws MessagingException {
        send(address, "Welcome to the shop", """
                Your code is 481 516.
                Confirm here: https://shop.test/confirm?token=4f7k9q2m1b6n
                """);
    }

    public void resetPassword(String address) throws MessagingException {
        send(address, "Reset your password", "Choose a new one: https://shop.test/reset-password?token=9q2m1b6n4f7k\n");
    }

    private void send(String address, String subject, String text) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("hello@shop.test"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(address));
        message.setSubject(subject);
        message.setText(text, "utf-8");
        Transport.send(message);
    }
}
