package shop;

import dev.restante.Mailbox;
import dev.restante.Questions;
import dev.restante.junit.RestanteTest;
import org.junit.jupiter.api.Test;

@RestanteTest
class MisspeltTest {
    @Test
    void welcomes(Mailbox mailbox) {
        mailbox.await(Questions.to("ann@app.test").subjct("Welcome"));
        mailbox.await(Questions.subject(42));
    }
}
