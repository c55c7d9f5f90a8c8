/**
 * JUnit 5: {@link dev.restante.junit.RestanteTest} on a test class, and a parameter of type {@link dev.restante.Mailbox}.
 */
package dev.restante.junit;
