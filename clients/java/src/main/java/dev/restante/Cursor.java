package dev.restante;

/**
 * A place in the order of arrival, of one run of the server.
 *
 * @param value as the API writes it
 */
public record Cursor(String value) {}
