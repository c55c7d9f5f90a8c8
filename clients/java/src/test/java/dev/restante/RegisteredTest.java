package dev.restante;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.restante.junit.RestanteExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegisteredTest {
    @RegisterExtension
    static final RestanteExtension RESTANTE = new RestanteExtension();

    @Test
    void asAField(Mailbox mailbox) {
        assertTrue(mailbox.name().startsWith("RegisteredTest.asAField-"));
    }
}
