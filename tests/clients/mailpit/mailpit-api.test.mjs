// mailpit-api, every method of it: the current line over fetch, and the last one that listens to the websocket.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { MailpitClient } from "mailpit-api";
import { MailpitClient as ListeningClient } from "mailpit-api-1";
import { GIF, start } from "./server.mjs";

let server, mailpit;

before(async () => {
  server = await start();
  mailpit = new MailpitClient(server.http);
});
beforeEach(() => mailpit.deleteMessages());
after(() => server.stop());

const letter = (subject, more = {}) => ({
  From: { Email: "ann@app.test", Name: "Änne" },
  To: [{ Email: "bob@app.test", Name: "Bob" }, { Email: "cem@app.test" }],
  Cc: [{ Email: "cc@app.test" }],
  Bcc: ["hidden@app.test"],
  ReplyTo: [{ Email: "reply@app.test" }],
  Subject: subject,
  Text: "Grüße, see https://app.test/in",
  HTML: '<p>Grüße <img src="cid:logo"> <a href="https://app.test/in">in</a></p>',
  Attachments: [
    { Content: GIF.toString("base64"), Filename: "logo.gif", ContentType: "image/gif", ContentID: "logo" },
    { Content: Buffer.from("%PDF-1.7").toString("base64"), Filename: "bill.pdf", ContentType: "application/pdf" },
  ],
  Headers: { "X-Order": "17" },
  Tags: ["signup"],
  ...more,
});

const status = (code) => ({ message: new RegExp(`Mailpit API Error: ${code} `) });
const methods = (type) => Object.getOwnPropertyNames(type.prototype).filter((name) => name !== "constructor").sort();

for (const [name, Client] of [["2.1.0", MailpitClient], ["1.9.1", ListeningClient]]) {
  test(`${name}: info and configuration`, async () => {
    const client = new Client(server.http);
    const info = await client.getInfo();
    assert.match(info.Version, /^v\d/);
    assert.equal(info.Messages, 0);
    assert.equal(typeof info.RuntimeStats.SMTPAccepted, "number");
    const configuration = await client.getConfiguration();
    assert.equal(configuration.MessageRelay.Enabled, false);
    assert.equal(configuration.ChaosEnabled, false);
  });

  test(`${name}: a message sent is there, whole and in pieces`, async () => {
    const client = new Client(server.http);
    const { ID } = await client.sendMessage(letter("whole"));
    const message = await client.getMessageSummary();
    assert.equal(message.ID, ID);
    assert.deepEqual(message.From, { Name: "Änne", Address: "ann@app.test" });
    assert.deepEqual(message.To.map((to) => to.Address), ["bob@app.test", "cem@app.test"]);
    assert.deepEqual([message.Cc, message.Bcc, message.ReplyTo].map((list) => list[0].Address), ["cc@app.test", "hidden@app.test", "reply@app.test"]);
    assert.deepEqual(message.Tags, ["signup"]);
    assert.match(message.Text, /^Grüße/);
    assert.equal(message.Attachments.length, 1);
    assert.equal(message.Inline[0].ContentID, "logo");
    assert.deepEqual((await client.getMessageHeaders(ID))["X-Order"], ["17"]);
    assert.match(await client.getMessageSource(), /^From: /m);
    const [file, picture] = [message.Attachments[0], message.Inline[0]];
    const bytes = async (answer) => Buffer.from(answer.arrayBuffer ? await answer.arrayBuffer() : answer.data);
    assert.equal((await bytes(await client.getMessageAttachment(ID, file.PartID))).toString(), "%PDF-1.7");
    for (const part of [picture, file]) {
      const thumb = await client.getAttachmentThumbnail(ID, part.PartID);
      assert.equal(thumb.type ?? thumb.contentType, "image/jpeg");
      assert.deepEqual([...(await bytes(thumb)).subarray(0, 2)], [0xff, 0xd8]);
    }
    const html = await client.renderMessageHTML();
    assert.match(html, new RegExp(`api/v1/message/${ID}/part/${picture.PartID}`));
    assert.match(await client.renderMessageHTML(ID, 1), /target="_blank"/);
    assert.match(await client.renderMessageText(ID), /^Grüße/);
    await assert.rejects(client.getMessageSummary("nobody"), status(404));
    await assert.rejects(client.sendMessage({ From: { Email: "nobody" }, To: [{ Email: "x" }] }), status(400));
  });

  test(`${name}: lists, searches, waits, marks, deletes`, async () => {
    const client = new Client(server.http);
    for (const subject of ["one", "two", "three"]) await client.sendMessage(letter(subject));
    const list = await client.listMessages(0, 2);
    assert.deepEqual(list.messages.map((row) => row.Subject), ["three", "two"]);
    assert.deepEqual([list.total, list.unread, list.messages_count, list.start], [3, 3, 3, 0]);
    assert.equal((await client.searchMessages({ query: "subject:two", tz: "Europe/Berlin" })).messages_count, 1);
    assert.equal((await client.waitForMessage({ query: "subject:one" })).Subject, "one");
    assert.equal((await client.waitForMessages({ query: "to:bob@app.test", count: 3 })).messages_count, 3);
    await assert.rejects(client.waitForMessage({ query: "subject:never" }, { timeout: 60, interval: 20 }), /Timeout/);
    const unread = async () => (await client.listMessages()).unread;
    assert.equal(await unread(), 3, "waiting has marked nothing");
    assert.equal(await client.setReadStatus({ IDs: [list.messages[0].ID], Read: true }), "ok");
    assert.equal(await unread(), 2);
    assert.equal(await client.setReadStatus({ Search: "subject:two", Read: true }, { tz: "Asia/Tokyo" }), "ok");
    assert.equal(await unread(), 1);
    assert.equal(await client.setReadStatus({ Read: true }), "ok");
    assert.equal(await unread(), 0);
    assert.equal(await client.setReadStatus(), "ok");
    assert.equal(await unread(), 3);
    assert.equal(await client.deleteMessages({ IDs: [list.messages[0].ID] }), "ok");
    assert.equal(await client.deleteMessagesBySearch({ query: "subject:two" }), "ok");
    assert.deepEqual((await client.listMessages()).messages.map((row) => row.Subject), ["one"]);
    await assert.rejects(client.deleteMessages({ IDs: [] }), status(400));
    await assert.rejects(client.searchMessages({ query: "" }), status(400));
    assert.equal(await client.deleteMessages(), "ok");
    assert.equal((await client.listMessages()).total, 0);
  });

  test(`${name}: tags`, async () => {
    const client = new Client(server.http);
    const { ID } = await client.sendMessage(letter("tagged", { Tags: [] }));
    assert.deepEqual(await client.getTags(), []);
    assert.equal(await client.setTags({ IDs: [ID], Tags: ["first", "Second one"] }), "ok");
    assert.deepEqual(await client.getTags(), ["first", "Second one"]);
    assert.equal(await client.renameTag("Second one", "a/b"), "ok");
    await assert.rejects(client.renameTag("nobody", "x"), /400 .*tag not found: nobody/);
    await assert.rejects(client.renameTag("a/b", "first"), /400 .*tag already exists: first/);
    assert.deepEqual((await client.getMessageSummary(ID)).Tags, ["a/b", "first"]);
    assert.equal(await client.deleteTag("a/b"), "ok");
    await assert.rejects(client.deleteTag("a/b"), status(400));
    assert.equal(await client.setTags({ IDs: [ID] }), "ok");
    assert.deepEqual(await client.getTags(), []);
  });

  test(`${name}: what is not done is said`, async () => {
    const client = new Client(server.http);
    const { ID } = await client.sendMessage(letter("checked"));
    await assert.rejects(client.htmlCheck(ID), status(501));
    const links = await client.linkCheck(ID, true);
    assert.deepEqual([links.Errors, links.Links.length, links.Links[0].StatusCode], [1, 1, 0]);
    assert.equal(links.Links[0].URL, "https://app.test/in");
    await assert.rejects(client.spamAssassinCheck(ID), status(404));
    await assert.rejects(client.releaseMessage(ID, { To: ["x@app.test"] }), /400 .*Relay is not configured/);
    await assert.rejects(client.getChaosTriggers(), /400 .*Chaos is not enabled/);
    await assert.rejects(client.setChaosTriggers({ Sender: { ErrorCode: 451, Probability: 5 } }), status(400));
  });
}

test("a login and a mailbox's address isolate", async () => {
  const worker = new MailpitClient(server.http, { auth: { username: "worker/7", password: "any" } });
  const { ID } = await worker.sendMessage(letter("theirs"));
  const theirs = new MailpitClient(`${server.http}/mailbox/${encodeURIComponent("worker/7")}`);
  assert.equal((await theirs.getMessageSummary()).ID, ID);
  await mailpit.sendMessage(letter("ours"));
  assert.equal((await theirs.listMessages()).total, 1);
  assert.equal((await theirs.getMessageSummary()).Username, "worker/7");
  assert.equal(await theirs.deleteMessages(), "ok");
  assert.equal((await mailpit.listMessages()).total, 1);
});

test("1.9.1: events over the websocket", async (context) => {
  const client = new ListeningClient(server.http, { username: "listener", password: "x" });
  context.after(() => client.disconnect());
  const heard = [];
  const forget = client.onEvent("*", (event) => heard.push(event.Type));
  const stats = await client.waitForEvent("stats");
  assert.equal(stats.Data.Total, 0);
  const told = async (word, act) => {
    const event = client.waitForEvent(word);
    await act();
    return (await event).Data;
  };
  const arrived = await told("new", () => mailpit.sendMessage(letter("live")));
  assert.equal(arrived.Subject, "live");
  assert.deepEqual(arrived.Tags, ["signup"]);
  const IDs = [arrived.ID];
  assert.deepEqual(await told("update", () => mailpit.setReadStatus({ IDs, Read: true })), { ID: arrived.ID, Read: true });
  assert.deepEqual(await told("update", () => mailpit.setTags({ IDs, Tags: ["x"] })), { ID: arrived.ID, Tags: ["x"] });
  assert.equal((await told("delete", () => mailpit.deleteMessages({ IDs }))).ID, arrived.ID);
  await mailpit.sendMessage(letter("again"));
  assert.equal(await told("truncate", () => mailpit.deleteMessages()), null);
  const error = await told("error", () => server.breakOff());
  assert.deepEqual([error.Level, error.Type, error.IP], ["error", "smtpd", "127.0.0.1"]);
  await Promise.all(Array.from({ length: 101 }, (_, at) => mailpit.sendMessage(letter(`many ${at}`))));
  assert.equal(await told("prune", () => mailpit.setReadStatus({ Read: true })), null);
  forget();
  const before = heard.length;
  await told("new", () => mailpit.sendMessage(letter("unheard")));
  assert.equal(heard.length, before);
  assert.deepEqual([...new Set(heard)].sort(), ["delete", "error", "new", "prune", "stats", "truncate", "update"]);
});

test("no method of the clients is left out", () => {
  const current = [
    "deleteMessages", "deleteMessagesBySearch", "deleteTag", "getAttachmentThumbnail", "getChaosTriggers", "getConfiguration", "getInfo",
    "getMessageAttachment", "getMessageHeaders", "getMessageSource", "getMessageSummary", "getTags", "htmlCheck", "linkCheck", "listMessages",
    "releaseMessage", "renameTag", "renderMessageHTML", "renderMessageText", "searchMessages", "sendMessage", "setChaosTriggers",
    "setReadStatus", "setTags", "spamAssassinCheck", "waitForMessage", "waitForMessages",
  ];
  const within = ["addListener", "connectWebSocket", "dispatchToListeners", "handleRequest", "handleWebSocketMessage", "removeListener"];
  assert.deepEqual(methods(MailpitClient), [...current, "request"].sort());
  assert.deepEqual(methods(ListeningClient), [...current, ...within, "disconnect", "onEvent", "waitForEvent"].sort());
});
