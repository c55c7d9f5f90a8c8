"""Did the mail arrive, and if not, what did? The Python client of Restante, a mail catcher for tests.

    from restante import Restante

    with Restante.start() as restante:
        mailbox = restante.fresh_mailbox("sign-up")
        sign_up("ann@app.test", smtp=mailbox.smtp.url)      # the application
        welcome = mailbox.wait(to="ann@app.test", subject="Welcome")
        assert "/confirm?" in welcome.text

Durations are seconds, as numbers or as `datetime.timedelta`. A wait that fails is a `WaitFailed`, an AssertionError
whose text says what came close; whatever else goes wrong is a `RestanteError`. `AsyncRestante` is the same for asyncio,
and with pytest there are fixtures: `mailbox`, `worker_mailbox`, `restante`, and `async_` before each.
"""

from ._clauses import AttachmentMatch, Clauses, RootClauses, Seconds, SizeMatch, Text, TextMatch, Texts
from ._client import Attachment, Mailbox, Message, Restante
from ._content import Address, Code, Envelope, Finding, Link, Summary
from ._errors import (
    BrokenSession,
    FailedClause,
    NearMiss,
    NotFound,
    NotStarted,
    NotUnderstood,
    Refused,
    RestanteError,
    Unreachable,
    WaitFailed,
)
from ._place import Smtp
from .aio import AsyncAttachment, AsyncMailbox, AsyncMessage, AsyncRestante

__version__ = "0.1.0"

__all__ = [
    "Address",
    "AsyncAttachment",
    "AsyncMailbox",
    "AsyncMessage",
    "AsyncRestante",
    "Attachment",
    "AttachmentMatch",
    "BrokenSession",
    "Clauses",
    "Code",
    "Envelope",
    "FailedClause",
    "Finding",
    "Link",
    "Mailbox",
    "Message",
    "NearMiss",
    "NotFound",
    "NotStarted",
    "NotUnderstood",
    "Refused",
    "Restante",
    "RestanteError",
    "RootClauses",
    "Seconds",
    "SizeMatch",
    "Smtp",
    "Summary",
    "Text",
    "TextMatch",
    "Texts",
    "Unreachable",
    "WaitFailed",
    "__version__",
]
