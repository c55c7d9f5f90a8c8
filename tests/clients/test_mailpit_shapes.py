"""Mailpit's JSON, key by key: what its API has, of the right type, beside our own additions and nothing else."""

import json
import unittest
import urllib.error
import urllib.request

from restante import ServerCase

PERSON = {"Name": str, "Address": str}
CHECKSUMS = {"MD5": str, "SHA1": str, "SHA256": str}
PART = {"PartID": str, "FileName": str, "ContentType": str, "ContentID": str, "Size": int, "Checksums": CHECKSUMS}
SUMMARY = {
    "ID": str, "MessageID": str, "Read": bool, "From": PERSON, "To": [PERSON], "Cc": [PERSON], "Bcc": [PERSON],
    "ReplyTo": [PERSON], "Subject": str, "Created": str, "Username": str, "Tags": [str], "Size": int,
    "Attachments": int, "Snippet": str,
}
SUMMARY_OURS = {"Kept", "Mailbox", "Envelope", "Findings", "Refusable"}
LISTING = {
    "total": int, "unread": int, "count": int, "messages_count": int, "messages_unread": int, "start": int,
    "tags": [str], "messages": None,
}
WHOLE = {
    "ID": str, "MessageID": str, "From": PERSON, "To": [PERSON], "Cc": [PERSON], "Bcc": [PERSON], "ReplyTo": [PERSON],
    "ReturnPath": str, "Subject": str,
    "ListUnsubscribe": {"Header": str, "Links": [str], "Errors": str, "HeaderPost": str},
    "Date": str, "Tags": [str], "Username": str, "Text": str, "HTML": str, "Size": int, "Inline": [PART],
    "Attachments": [PART],
}
WHOLE_OURS = {"Read", "Kept", "Created", "Mailbox", "Envelope", "Findings", "Refusable", "Codes", "Links", "MainLink"}
RUNTIME = {
    "Uptime": int, "Memory": int, "MessagesDeleted": int, "SMTPAccepted": int, "SMTPAcceptedSize": int,
    "SMTPRejected": int, "SMTPIgnored": int,
}
INFO = {
    "Version": str, "LatestVersion": str, "Database": str, "DatabaseSize": int, "Messages": int, "Unread": int,
    "Tags": dict, "RuntimeStats": None,
}
INFO_OURS = {"Started", "Kept", "Hidden", "Cursor", "Doors", "Pickup", "Mailboxes", "Limits"}
RELAY = {
    "Enabled": bool, "SMTPServer": str, "ReturnPath": str, "AllowedRecipients": str, "BlockedRecipients": str,
    "OverrideFrom": str, "PreserveMessageIDs": bool, "RecipientAllowlist": str,
}
WEBUI = {
    "Label": str, "MessageRelay": RELAY, "SpamAssassin": bool, "ChaosEnabled": bool, "DuplicatesIgnored": bool,
    "HideDeleteAllButton": bool,
}
LINKS = {"Errors": int, "Links": [{"URL": str, "StatusCode": int, "Status": str}]}

LETTER = {
    "From": {"Email": "ann@app.test"}, "To": [{"Email": "bob@app.test"}], "Subject": "shapes", "Tags": ["t"],
    "HTML": "<a href=https://app.test/>x</a><img src=cid:i>",
    "Attachments": [
        {"Content": "R0lGODlhAQABAAAAACw=", "Filename": "i.gif", "ContentID": "i", "ContentType": "image/gif"},
        {"Content": "JVBERi0=", "Filename": "a.pdf", "ContentType": "application/pdf"},
    ],
}


class MailpitShapes(ServerCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.id = json.loads(cls.call("POST", "/api/v1/send", LETTER))["ID"]

    @classmethod
    def call(cls, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(cls.ready["http"] + path, data, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def fits(self, value, shape, at, ours=frozenset()):
        if isinstance(shape, dict):
            self.assertEqual(set(value), set(shape) | set(ours), at)
            for name, inner in shape.items():
                self.fits(value[name], inner, f"{at}.{name}")
        elif isinstance(shape, list):
            self.assertIs(type(value), list, at)
            for one in value:
                self.fits(one, shape[0], f"{at}[]")
        elif shape is not None:
            self.assertIs(type(value), shape, at)

    def test_lists(self):
        for path in ["messages", "search?query=shapes"]:
            listing = json.loads(self.get(f"/api/v1/{path}"))
            self.fits(listing, LISTING, path)
            self.assertEqual(len(listing["messages"]), 1)
            self.fits(listing["messages"][0], SUMMARY, f"{path}.messages[]", SUMMARY_OURS)
        nothing = json.loads(self.get("/mailbox/nobody/api/v1/messages"))
        self.assertEqual((nothing["messages"], nothing["tags"]), ([], []))

    def test_a_message(self):
        whole = json.loads(self.get(f"/api/v1/message/{self.id}"))
        self.fits(whole, WHOLE, "message", WHOLE_OURS)
        self.assertEqual((len(whole["Inline"]), len(whole["Attachments"])), (1, 1))
        headers = json.loads(self.get(f"/api/v1/message/{self.id}/headers"))
        self.assertEqual(list(headers), sorted(headers))
        for values in headers.values():
            self.fits(values, [str], "headers")
        self.fits(json.loads(self.get(f"/api/v1/message/{self.id}/link-check")), LINKS, "link-check")

    def test_the_rest(self):
        info = json.loads(self.get("/api/v1/info"))
        self.fits(info, INFO, "info", INFO_OURS)
        ours = {"MessagesEvicted", "SessionsEnded", "SessionsBroken"}
        self.fits(info["RuntimeStats"], RUNTIME, "info.RuntimeStats", ours)
        self.fits(json.loads(self.get("/api/v1/webui")), WEBUI, "webui")
        self.fits(json.loads(self.get("/api/v1/tags")), [str], "tags")

    def test_the_plain_answers(self):
        self.assertEqual(self.call("PUT", "/api/v1/messages", {"IDs": [self.id], "Read": True}), b"ok")
        self.assertEqual(self.call("PUT", "/api/v1/tags", {"IDs": [self.id], "Tags": ["t"]}), b"ok")
        self.assertEqual(self.call("DELETE", "/api/v1/search?query=nowhere"), b"ok")
        for method, path, body, status, text in [
            ("GET", "/api/v1/search?query=", None, 400, b"Error: no search query"),
            ("GET", "/api/v1/message/latest?query=nowhere", None, 404, b"Message not found"),
            ("PUT", "/api/v1/tags/nowhere", {"Name": "x"}, 400, b"tag not found: nowhere"),
            ("PUT", "/api/v1/chaos", {}, 400, b"Chaos is not enabled"),
            ("POST", "/api/v1/send", {}, 400, b'{"Error":"error building message: from not set"}\n'),
        ]:
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.call(method, path, body)
            with refused.exception as answer:
                self.assertEqual((answer.code, answer.read()), (status, text))


if __name__ == "__main__":
    unittest.main()
