package dev.restante;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of an object of an answer. What is not there, or of another kind, is empty: a server may be older or newer. */
record Members(Map<String, Object> all) {
    boolean has(String name) {
        return all.get(name) != null;
    }

    String text(String name) {
        return all.get(name) instanceof String text ? text : "";
    }

    Optional<String> someText(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(all.get(name));
    }

    long number(String name) {
        try {
            return all.get(name) instanceof BigDecimal number ? number.longValueExact() : 0;
        } catch (ArithmeticException beyond) {
            return 0;
        }
    }

    int integer(String name) {
        return (int) number(name);
    }

    Instant instant(String name) {
        return time(name).toInstant();
    }

    /** 1970 for what cannot be read: a message may give any date. */
    OffsetDateTime time(String name) {
        try {
            return OffsetDateTime.parse(text(name));
        } catch (DateTimeException unread) {
            return OffsetDateTime.parse("1970-01-01T00:00:00Z");
        }
    }

    Members object(String name) {
        return of(all.get(name)).orElse(new Members(Map.of()));
    }

    Optional<Members> someObject(String name) {
        return of(all.get(name));
    }

    List<Members> objects(String name) {
        return list(name).stream().flatMap(one -> of(one).stream()).toList();
    }

    List<String> texts(String name) {
        return list(name).stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }

    private List<?> list(String name) {
        return all.get(name) instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked") // Json makes no others.
    private static Optional<Members> of(Object value) {
        return value instanceof Map<?, ?> map ? Optional.of(new Members((Map<String, Object>) map)) : Optional.empty();
    }
}
