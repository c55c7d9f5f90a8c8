/**
 * Asks Restante, a local mail catcher, what an application has sent: "did it arrive, and if not, what came close?"
 *
 * <p>{@link dev.restante.Restante} is the catcher, {@link dev.restante.Mailbox} the mail of one SMTP user name, and
 * {@link dev.restante.Questions} has the words of a question. For JUnit 5 see {@link dev.restante.junit}.
 */
package dev.restante;
