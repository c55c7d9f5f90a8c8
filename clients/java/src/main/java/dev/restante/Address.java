package dev.restante;

/**
 * A name and an address of a field; either may be empty.
 *
 * @param name decoded
 * @param address {@code local@domain}
 */
public record Address(String name, String address) {
    static Address of(Members members) {
        return new Address(members.text("Name"), members.text("Address"));
    }

    @Override
    public String toString() {
        return name.isEmpty() ? address : name + " <" + address + ">";
    }
}
