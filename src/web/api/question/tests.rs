use serde_json::json;

use super::value::read_cursor;
use super::*;
use crate::mailbox::Limits;

fn asked(value: Value) -> Result<Asked, String> {
    let Value::Object(members) = value else { panic!("no object") };
    let inbox = Inbox::new(Limits::default());
    read(members, &Scope::All, &inbox).map_err(|problem| problem.detail)
}

fn query(value: Value) -> String {
    asked(value).unwrap().question.query.to_string()
}

#[test]
fn members_become_clauses() {
    for (members, expected) in [
        (json!({}), ""),
        (json!({"query": "parcel -monday"}), "parcel -monday"),
        (json!({"to": "ann@app.test"}), "to:=ann@app.test"),
        (json!({"to": {"contains": "ann@app.test"}}), "to:ann@app.test"),
        (json!({"to": ["ann@app.test", "bob@"]}), "to:=ann@app.test to:bob@"),
        (json!({"Reply-To": "help", "from": "@shop.test"}), "reply-to:help from:@shop.test"),
        (json!({"subject": {"equals": "Your order"}}), "subject:=\"Your order\""),
        (json!({"subject": {"regex": "a/b"}}), "subject:/a\\/b/"),
        (json!({"header": {"X-Kind": "welcome", "X-There": true}}), "header.X-Kind:welcome header.X-There:/^/"),
        (json!({"tag": ["a", "b c"]}), "tag:=a tag:=\"b c\""),
        (json!({"attachment": true}), "has:attachment"),
        (json!({"attachment": false}), "-has:attachment"),
        (
            json!({"attachment": {"name": {"equals": "a.pdf"}, "type": "pdf"}}),
            "attachment-name:=a.pdf attachment-type:pdf",
        ),
        (json!({"size": {"larger": "1kb", "smaller": 5000}}), "larger:1024 smaller:5000"),
        (json!({"findings": ["bare-lf"]}), "finding:bare-lf"),
        (json!({"findings": false, "refusable": "false"}), "-has:findings -is:refusable"),
    ] {
        assert_eq!(query(members.clone()), expected, "{members}");
    }
}

#[test]
fn what_is_expected_is_read_from_count_exactly_and_none() {
    let expected = |value| asked(value).map(|asked| (asked.question.expected, asked.question.timeout, asked.for_one));
    let three = Duration::from_secs(3);
    let half = Duration::from_millis(500);
    assert_eq!(expected(json!({})), Ok((Expected::AtLeast(1), three, true)));
    assert_eq!(expected(json!({"count": 2})), Ok((Expected::AtLeast(2), three, false)));
    assert_eq!(expected(json!({"count": "2", "timeout": "1m"})), Ok((Expected::AtLeast(2), 20 * three, false)));
    assert_eq!(expected(json!({"count": {"exactly": 2}})), Ok((Expected::Exactly(2), three, false)));
    assert_eq!(expected(json!({"exactly": 2})), Ok((Expected::Exactly(2), three, false)));
    assert_eq!(expected(json!({"none": "500ms"})), Ok((Expected::Nothing, half, false)));
    assert!(expected(json!({"none": "500ms", "count": 1})).unwrap_err().contains("only one"));
    assert!(expected(json!({"count": 0})).unwrap_err().contains("asked by \"none\""));
    assert!(expected(json!({"none": "500ms", "timeout": "5s"})).unwrap_err().contains("leave \"timeout\" out"));
    assert!(expected(json!({"count": 20_000})).unwrap_err().contains("from 1 to 1000, found 20000"));
}

#[test]
fn what_is_not_understood_is_said_by_its_name() {
    for (members, said) in [
        (
            json!({"subjet": "x"}),
            "\"subjet\" is not known here; did you mean \"subject\"? There are query, mailbox, from",
        ),
        (
            json!({"subject": {"like": "x"}}),
            "\"subject.like\" is not known here; there are contains, equals and regex.",
        ),
        (json!({"subject": {"regex": "("}}), "\"subject.regex\": \"(\" is not a regular expression: unclosed group."),
        (json!({"subject": ""}), "\"subject\" is empty"),
        (json!({"subject": vec!["x"; 200]}), "can have 100 clauses, not more"),
        (json!({"query": "x ".repeat(101)}), "can have 100 clauses, not more"),
        (json!({"x".repeat(100_000): 5}), "xxx\" is not known here. There are"),
        (json!({"subject": 5}), "\"subject\" must be a text, found 5."),
        (
            json!({"header": "x"}),
            "\"header\" must be an object with something in it; write it like {\"X-Mailer\": \"php\"} or header.x-mailer=php.",
        ),
        (json!({"header": {}}), "must be an object with something in it"),
        (json!({"header": {"X-Kind: a": "b"}}), "\"X-Kind: a\" cannot be the name of a field."),
        (json!({"attachment": {}}), "must be true, false, a name, or an object with name, type or digest"),
        (json!({"to": "x y@app.test"}), "a plus stands in an address of the web as %2B"),
        (json!({"attachment": {"size": 5}}), "\"attachment.size\" is not known here"),
        (json!({"attachment": {"sha256": "abc"}}), "\"attachment.sha256\" is not a digest"),
        (json!({"findings": "nonsense"}), "there is no finding \"nonsense\""),
        (json!({"timeout": "soon"}), "timeout: \"soon\" is not a time; write it like 5s, 500ms or 1m."),
        (
            json!({"timeout": 5000}),
            "timeout: 5000 is more than the 300 s for which a question is held. A number without",
        ),
        (json!({"timeout": "-1s"}), "is not a time"),
        (json!({"since": "0353DxYluGPCh1kfMlZgp5-17"}), "is a cursor of an earlier run"),
        (json!({"since": "2026-13-45"}), "\"2026-13-45\" is not a cursor; take the Cursor of"),
        (json!({"since": 5}), "\"since\" must be a text, found 5"),
        (json!({"since": "latest"}), "\"latest\" is not a cursor"),
        (json!({"query": "larger:much"}), "\"larger:much\" cannot be read"),
    ] {
        let refusal = asked(members.clone()).unwrap_err();
        assert!(refusal.contains(said), "{members}: {refusal}");
    }
}

#[test]
fn a_cursor_belongs_to_a_run() {
    assert_eq!(read_cursor("abc-17", "abc"), Ok(17));
    assert!(read_cursor("17", "abc").is_err());
    assert!(read_cursor("xyz-17", "abc").is_err());
    assert_eq!(asked(json!({"since": "2020-01-01"})).unwrap().question.since, 0);
}

#[test]
fn a_mailbox_is_where_it_is_asked_and_cannot_be_two() {
    let inbox = Inbox::new(Limits::default());
    let ask = |scope: &Scope, name: &str| {
        let members = Map::from_iter([("mailbox".to_owned(), json!(name))]);
        read(members, scope, &inbox).map(|asked| asked.question.scope).map_err(|problem| problem.detail)
    };
    let one = Scope::Mailbox(MailboxName::new("one"));
    assert_eq!(ask(&Scope::All, "one"), Ok(one.clone()));
    assert_eq!(ask(&one, "one"), Ok(one.clone()));
    assert!(ask(&one, "two").unwrap_err().contains("the address asks mailbox \"one\""));
}

#[test]
fn a_parameter_given_twice_is_a_list() {
    let parameters =
        [("to", "a"), ("to", "b"), ("to", "c"), ("tag", "x"), ("header.x-kind", "y"), ("header.z", "true")];
    let members = from_parameters(parameters.map(|(name, value)| (name.into(), value.into())).into());
    assert_eq!(
        Value::Object(members),
        json!({"to": ["a", "b", "c"], "tag": "x", "header": {"x-kind": "y", "z": "true"}})
    );
}
