package dev.restante;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as RFC 8259 has it and nothing more: an object is a {@code Map} in the order of its members, an array a {@code List}, a
 * number a {@code BigDecimal}, and {@code null} null. All of it is immutable.
 */
final class Json {
    /** Deeper than this nothing is read (RFC 8259 section 9 allows a limit): the stack is not for others to fill. */
    static final int DEPTH_MAX = 200;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Reads one value, which is all there is. */
    static Object read(String text) {
        Json reader = new Json(text);
        Object value = reader.value();
        reader.space();
        if (reader.at < text.length()) {
            throw reader.wrong("nothing more");
        }
        return value;
    }

    /** Reads an object. */
    static Map<String, Object> object(String text) {
        if (read(text) instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((name, value) -> members.put((String) name, value));
            return Collections.unmodifiableMap(members);
        }
        throw new JsonException("This is JSON, and not an object.");
    }

    private Object value() {
        space();
        return switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        deeper();
        if (!isNext('}')) {
            do {
                space();
                if (peek() != '"') {
                    throw wrong("a name in quotes");
                }
                String name = string();
                space();
                expect(':');
                // Of two with one name the last counts, as nearly everywhere (section 4).
                members.put(name, value());
                space();
            } while (take(','));
            expect('}');
        }
        depth--;
        return Collections.unmodifiableMap(members);
    }

    private List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        deeper();
        if (!isNext(']')) {
            do {
                elements.add(value());
                space();
            } while (take(','));
            expect(']');
        }
        depth--;
        return Collections.unmodifiableList(elements);
    }

    private void deeper() {
        at++;
        depth++;
        if (depth > DEPTH_MAX) {
            throw new JsonException("This JSON is nested more than " + DEPTH_MAX + " deep.");
        }
    }

    private boolean isNext(char end) {
        space();
        return take(end);
    }

    private String string() {
        StringBuilder read = new StringBuilder();
        for (at++; ; at++) {
            char next = peek();
            if (next == '"') {
                at++;
                return read.toString();
            } else if (next == '\\') {
                at++;
                read.append(escaped());
            } else if (next < 0x20) {
                throw wrong("no control character in a string");
            } else {
                read.append(next);
            }
        }
    }

    /** A surrogate that is alone stays so: the grammar allows it, and a Java string holds it. */
    private char escaped() {
        char next = peek();
        return switch (next) {
            case '"', '\\', '/' -> next;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    at++;
                    char digit = peek();
                    int value = digit < 0x80 ? Character.digit(digit, 16) : -1;
                    if (value < 0) {
                        throw wrong("four hexadecimal digits");
                    }
                    code = code * 16 + value;
                }
                yield (char) code;
            }
            default -> throw wrong("an escape that JSON has");
        };
    }

    private BigDecimal number() {
        int start = at;
        take('-');
        if (!take('0')) {
            digits();
        }
        if (take('.')) {
            digits();
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            digits();
        }
        try {
            return new BigDecimal(text.substring(start, at));
        } catch (NumberFormatException beyond) {
            throw new JsonException("A number is too large, at character " + start + ".");
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("a value");
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw new JsonException("This JSON ends too early, after " + at + " characters.");
        }
        return text.charAt(at);
    }

    private boolean take(char one) {
        boolean is = at < text.length() && text.charAt(at) == one;
        at += is ? 1 : 0;
        return is;
    }

    private void expect(char one) {
        if (!take(one)) {
            throw wrong("\"" + one + "\"");
        }
    }

    private JsonException wrong(String expected) {
        return new JsonException("This is not JSON: " + expected + " was expected at character " + at + ".");
    }

    /** Writes what {@link #read} reads, and any other number or text as what it is. */
    static String write(Object value) {
        StringBuilder into = new StringBuilder();
        write(value, into);
        return into.toString();
    }

    private static void write(Object value, StringBuilder into) {
        if (value instanceof Map<?, ?> map) {
            String between = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                into.append(between);
                quote(member.getKey().toString(), into);
                into.append(':');
                write(member.getValue(), into);
                between = ",";
            }
            into.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String between = "[";
            for (Object element : list) {
                into.append(between);
                write(element, into);
                between = ",";
            }
            into.append(list.isEmpty() ? "[]" : "]");
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            into.append(value);
        } else {
            quote(value.toString(), into);
        }
    }

    private static void quote(String text, StringBuilder into) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                into.append('\\').append(next);
            } else if (next < 0x20 || Character.isSurrogate(next)) {
                // A pair as two escapes is the pair, and one alone cannot be written otherwise.
                into.append(String.format("\\u%04x", (int) next));
            } else {
                into.append(next);
            }
        }
        into.append('"');
    }
}
