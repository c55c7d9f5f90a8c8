//! That the document says all that there is to say of each operation; that it has every route, `tests/it/route_table.rs` holds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::web::api::question::NAMES;

fn told() -> Value {
    serde_json::to_value(document(&Mount::root())).unwrap()
}

/// Method and path of each operation, and what it says.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
    });
    each.collect()
}

#[test]
fn every_operation_parameter_and_answer_says_what_it_is() {
    let document = told();
    let tags: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    let says = |value: &Value| value["description"].as_str().is_some_and(|text| !text.trim().is_empty());
    for (name, operation) in operations(&document) {
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty() && !summary.ends_with('.') && !summary.contains('`'), "{name}: {summary:?}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name} has another's id");
        assert!(tags.contains(operation["tags"][0].as_str().unwrap()), "{name}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(says(parameter), "{name}: {parameter}");
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            assert!(says(answer), "{name}: {status}");
        }
    }
}

#[test]
fn what_a_wait_can_ask_is_told_whole() {
    let document = told();
    let members = document["components"]["schemas"]["Question"]["properties"].as_object().unwrap();
    let names: BTreeSet<&str> = members.keys().map(String::as_str).collect();
    assert_eq!(names, NAMES.iter().copied().collect());
    for (name, member) in members {
        assert!(!member.to_string().contains("\"null\""), "{name}: null is refused, {member}");
    }
    let parameters = document["paths"]["/api/v1/wait"]["get"]["parameters"].as_array().unwrap();
    let parameters: BTreeSet<&str> = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
    // What is nested stands with a dot; any name may follow that of `header.`, which OpenAPI cannot say.
    let dotted = ["attachment.name", "attachment.type", "attachment.digest", "size.larger", "size.smaller"];
    let plain = NAMES.iter().copied().filter(|name| !["header", "size"].contains(name));
    assert_eq!(parameters, plain.chain(dotted).collect());
}

#[test]
fn every_reference_leads_somewhere_and_no_shape_is_left_over() {
    let document = told();
    let text = document.to_string();
    let used: BTreeSet<&str> =
        text.split("\"$ref\":\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let there = document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(used, there);
}

#[test]
fn below_a_mailbox_it_is_that_one_s() {
    let document = document(&Mount::of(crate::mailbox::MailboxName::new("a/b")));
    assert_eq!(document.servers.unwrap()[0].url, "/mailbox/a%2Fb");
    assert_eq!(super::document(&Mount::root()).servers.unwrap()[0].url, "/");
}
