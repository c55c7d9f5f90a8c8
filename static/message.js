// What the message's own tabs do beyond links and forms. Everything listens at the document: the pane comes and goes.
