package shop;

import static dev.restante.Questions.subject;
import static dev.restante.Questions.to;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.restante.Mailbox;
import dev.restante.Message;
import dev.restante.Text;
import dev.restante.junit.RestanteTest;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@RestanteTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignUpTest {
    /** Stands for the application. */
    private static void signUp(Mailbox mailbox, String subject) {
        mailbox.deliver("From: hello@shop.test\r\nTo: ann@app.test\r\nSubject: " + subject + "\r\n\r\nGood day.\r\n");
    }

    @Test
    @Order(1)
    void welcomes(Mailbox mailbox) {
        signUp(mailbox, "Welcom to the shop");
        mailbox.await(to("ann@app.test").subject("Welcome").timeout(Duration.ofMillis(100)));
    }

    @Test
    @Order(2)
    void sendsOneMail(Mailbox mailbox) {
        signUp(mailbox, "Welcome");
        signUp(mailbox, "Welcome");
        mailbox.awaitExactly(1, subject("Welcome"));
    }

    @Test
    @Order(3)
    void tellsNobody(Mailbox mailbox) {
        signUp(mailbox, "Welcome");
        mailbox.awaitNone(Duration.ofMillis(100), to("ann@app.test"));
    }

    @Test
    @Order(4)
    void looksAhead(Mailbox mailbox) {
        mailbox.await(subject(Text.matching("(?=Welcome)")));
    }

    @Test
    @Order(5)
    void hasADiscount(Mailbox mailbox) {
        signUp(mailbox, "Welcome");
        Message welcome = mailbox.await(subject("Welcome"));
        assertTrue(welcome.text().contains("discount"), welcome::text);
    }
}
