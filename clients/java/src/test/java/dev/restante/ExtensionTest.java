package dev.restante;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.restante.junit.RestanteExtension;
import dev.restante.junit.RestanteTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RestanteTest
class ExtensionTest {
    private static Mailbox ofTheClass;
    private Mailbox before;

    @BeforeAll
    static void beforeAll(Mailbox mailbox) {
        ofTheClass = mailbox;
    }

    @BeforeEach
    void before(Mailbox mailbox) {
        before = mailbox;
    }

    @AfterEach
    void after(Mailbox mailbox) {
        assertSame(before, mailbox);
    }

    @Test
    void aTestHasOneAndTheMethodsAroundItToo(Mailbox mailbox, Restante restante) {
        assertSame(before, mailbox);
        assertSame(Restante.shared(), restante);
        assertNotEquals(ofTheClass.name(), mailbox.name());
        assertTrue(mailbox.name().matches("ExtensionTest\\.aTestHasOneAndTheMethodsAr-[a-z0-9]{8}"), mailbox.name());
        assertTrue(ofTheClass.name().matches("ExtensionTest-[a-z0-9]{8}"), ofTheClass.name());
    }

    @Nested
    class Within {
        @Test
        void oneOfItsOwn(Mailbox mailbox) {
            assertTrue(mailbox.name().startsWith("Within.oneOfItsOwn-"), mailbox.name());
        }
    }

    @Nested
    @ExtendWith(RestanteExtension.class)
    class Twice {
        @Test
        void isOnce(Mailbox one, Mailbox same) {
            assertEquals(one.name(), same.name());
        }
    }
}
