package dev.restante.junit;

import dev.restante.Mailbox;
import dev.restante.Restante;
import dev.restante.RestanteException;
import java.lang.reflect.Constructor;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a mailbox of their own, and the Restante that it is in.
 *
 * <p>A parameter of type {@link Mailbox} is fresh for each test and named after it; the methods before and after the test
 * get the same one, and those before and after all tests that of the class. A parameter of type {@link Restante} is
 * {@link Restante#shared()}: the one of {@code RESTANTE_URL}, or else one that is started for all tests of the JVM and stops
 * after the last. If a test fails, a report entry tells what its mailbox holds.
 *
 * <p>It may be registered by {@link RestanteTest}, {@code @ExtendWith} or {@code @RegisterExtension}.
 */
public final class RestanteExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(RestanteExtension.class);

    /** Made by JUnit, or for a field with {@code @RegisterExtension}. */
    public RestanteExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Mailbox.class || type == Restante.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Restante restante;
        try {
            restante = restante(context);
        } catch (RestanteException | IllegalArgumentException none) {
            // JUnit shows one of these as it is, and would put the names of the parameter before any other.
            throw new ParameterResolutionException(none.getMessage(), none.getCause());
        }
        if (parameter.getParameter().getType() == Restante.class) {
            return restante;
        }
        if (parameter.getDeclaringExecutable() instanceof Constructor<?>) {
            // JUnit knows no test yet, and all of the class would have the same.
            throw new ParameterResolutionException("A Mailbox is a parameter of a method, such as the test or @BeforeEach: "
                    + "the one of a constructor would be shared by all tests of the class.");
        }
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(key(context), key -> restante.freshMailbox(hint(context)), Mailbox.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Mailbox mailbox = context.getStore(NAMESPACE).get(key(context), Mailbox.class);
        if (mailbox == null || context.getExecutionException().isEmpty()) {
            return;
        }
        String inventory;
        try {
            inventory = mailbox.inventory();
        } catch (RuntimeException unanswered) {
            inventory = "What " + mailbox + " holds cannot be told: " + unanswered.getMessage();
        }
        context.publishReportEntry("restante", inventory);
    }

    private static Restante restante(ExtensionContext context) {
        Store ofAll = context.getRoot().getStore(NAMESPACE);
        return ofAll.getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class).restante;
    }

    /** A store looks in those above too, where the mailbox of the class may be. */
    private static String key(ExtensionContext context) {
        return context.getUniqueId();
    }

    private static String hint(ExtensionContext context) {
        String name = context.getRequiredTestClass().getSimpleName();
        return context.getTestMethod().map(method -> name + "." + method.getName()).orElse(name);
    }

    /** What the root store closes when all tests are done: as the first up to JUnit 5.12, as the second from there on. */
    private static final class Shared implements Store.CloseableResource, AutoCloseable {
        private final Restante restante = Restante.shared();

        @Override
        public void close() {
            restante.close();
        }
    }
}
