// A spec that uses every command. It is type-checked against Cypress's types, and run with stand-ins by cypress.test.mjs.

import "restante/cypress";

describe("signing up", () => {
  beforeEach(() => {
    cy.clearMail();
  });

  it("welcomes whoever signs up", () => {
    cy.mailbox().then(({ name, url }) => {
      cy.visit(`/sign-up?mailbox=${name}`);
      cy.log(url);
    });
    cy.get("[name=address]").type("ann@app.test");
    cy.contains("Sign up").click();
    cy.waitForMail({ to: "ann@app.test", subject: /^Welcome/, timeout: "5s" }).then((mail) => {
      expect(mail.from.address).to.equal("hello@shop.test");
      cy.visit(mail.link ?? "");
      cy.get("[name=code]").type(mail.code ?? "");
      cy.mailHeader(mail, "X-Kind").should("equal", "welcome");
      cy.mailAttachment(mail, mail.attachments[0]!).then((bytes) => {
        expect([...bytes].join()).to.equal("0,128,255,10");
      });
    });
    cy.waitForMails({ exactly: 1 }, { subject: "Welcome" }).its("length").should("equal", 1);
    cy.waitForMails(1).then((mails) => expect(mails[0]?.subject).to.equal("Welcome"));
    cy.noMail({ subject: "Reset" }, "50ms");
    cy.lastMail("subject:Welcome").its("subject").should("equal", "Welcome");
    cy.lastMail("subject:nowhere").should("equal", null);
    cy.mailbox("other").its("name").should("equal", "other");
    cy.lastMail().should("be.null");
  });
});
