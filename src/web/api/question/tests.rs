use serde_json::json;

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
        (json!({"mailbox": "worker 3"}), "mailbox:\"worker 3\""),
    ] {
        assert_eq!(query(members.clone()), expected, "{members}");
    }
}

#[test]
fn what_is_expected_is_read_from_count_exactly_and_none() {
    let expected = |value| asked(value).map(|asked| (asked.question.expected, asked.question.timeout, asked.for_one));
    let five = Duration::from_secs(5);
    assert_eq!(expected(json!({})), Ok((Expected::AtLeast(1), five, true)));
    assert_eq!(expected(json!({"count": 2})), Ok((Expected::AtLeast(2), five, false)));
    assert_eq!(expected(json!({"count": "2", "timeout": "1m"})), Ok((Expected::AtLeast(2), 12 * five, false)));
    assert_eq!(expected(json!({"count": {"exactly": 2}})), Ok((Expected::Exactly(2), five, false)));
    assert_eq!(expected(json!({"exactly": 2})), Ok((Expected::Exactly(2), five, false)));
    assert_eq!(expected(json!({"none": "500ms"})), Ok((Expected::Nothing, five / 10, false)));
    assert!(expected(json!({"none": "500ms", "count": 1})).unwrap_err().contains("only one"));
    assert!(expected(json!({"count": 0})).unwrap_err().contains("none=500ms"));
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
        (json!({"subject": {"regex": "("}}), "\"subject.regex\" is not an expression: error: unclosed group."),
        (json!({"subject": ""}), "\"subject\" is empty"),
        (json!({"subject": 5}), "\"subject\" is not a text."),
        (json!({"header": "x"}), "\"header\" is not an object"),
        (json!({"attachment": {"size": 5}}), "\"attachment.size\" is not known here"),
        (json!({"attachment": {"sha256": "abc"}}), "\"attachment.sha256\" is not a digest"),
        (json!({"findings": "nonsense"}), "there is no finding \"nonsense\""),
        (json!({"timeout": "soon"}), "timeout: \"soon\" is not a time; write it like 5s, 500ms or 1m."),
        (json!({"timeout": 5000}), "timeout: 5000 is longer than a question is held; at most 300 s. A number without"),
        (json!({"timeout": "-1s"}), "is not a time"),
        (json!({"since": "xyz-17"}), "\"xyz-17\" is from an earlier run"),
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
    assert_eq!(read_cursor("17", "abc"), Ok(17));
    assert!(read_cursor("xyz-17", "abc").is_err());
}

#[test]
fn a_parameter_given_twice_is_a_list() {
    let parameters = [("to", "a"), ("to", "b"), ("to", "c"), ("tag", "x")];
    let members = from_parameters(parameters.map(|(name, value)| (name.into(), value.into())).into());
    assert_eq!(Value::Object(members), json!({"to": ["a", "b", "c"], "tag": "x"}));
}
