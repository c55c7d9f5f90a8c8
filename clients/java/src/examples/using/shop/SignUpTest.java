package shop;

import static dev.restante.Questions.to;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.restante.Mailbox;
import dev.restante.Message;
import dev.restante.junit.RestanteTest;
import org.junit.jupiter.api.Test;

@RestanteTest
class SignUpTest {
    @Test
    void welcomes(Mailbox mailbox) {
        mailbox.deliver("To: ann@app.test\r\nSubject: Welcome\r\n\r\nhttps://app.test/verify?token=abcdefgh12345\r\n");
        Message welcome = mailbox.await(to("ann@app.test").subject("Welcome"));
        assertEquals("https://app.test/verify?token=abcdefgh12345", welcome.link().orElseThrow());
    }
}
