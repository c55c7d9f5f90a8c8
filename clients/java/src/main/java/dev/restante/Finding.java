package dev.restante;

/**
 * Something that a real server or reader might mind.
 *
 * @param id what it is, in a word
 * @param severity how bad it is, in a word
 * @param sentence what it is
 * @param rfc the clause that says so
 * @param detail what was found
 */
public record Finding(String id, String severity, String sentence, String rfc, String detail) {
    static Finding of(Members members) {
        return new Finding(
                members.text("ID"),
                members.text("Severity"),
                members.text("Sentence"),
                members.text("RFC"),
                members.text("Detail"));
    }
}
