//! `/api/`: the OpenAPI document as views of the page. What it says stands in the document alone.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::{rendered, shell};
use crate::web::Web;
use crate::web::api::document::document;
use crate::web::mount::Mount;
use crate::web::page::ApiPage;
use crate::web::page::api::{Answer, Body, Chapter, Kind, Member, Operation, Parameter, Piece, Prose, Shape};
use crate::web::page::shell::Shell;
use crate::web::page::words::percent;

/// `GET /api/`
pub async fn page(web: Data<Web>, mount: Mount, request: HttpRequest) -> HttpResponse {
    let document = serde_json::to_value(document(&mount)).unwrap_or_default();
    // It stands between quotation marks of a shell; the name of a mailbox is encoded, that of the host is as its client sent it.
    let server =
        format!("http://{}{}", request.connection_info().host(), mount.base.trim_end_matches('/')).replace('\'', "%27");
    let page = ApiPage {
        about: Prose::paragraphs(text(&document["info"], "description")),
        chapters: chapters(&document, &server),
        shapes: object(&document["components"]["schemas"]).map(|(name, schema)| shape(name, schema)).collect(),
        server,
        shell: Shell { here: "api", ..shell(&web, &mount, "") },
    };
    rendered(StatusCode::OK, &page)
}

/// `GET /api/v1/`, where Mailpit has its page.
pub async fn to_page(mount: Mount) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, format!("{}api/", mount.base))).finish()
}

fn chapters(document: &Value, server: &str) -> Vec<Chapter> {
    let each = object(&document["paths"]).flat_map(|(path, methods)| {
        object(methods).map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    let all: Vec<_> = each.collect();
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        let name = text(tag, "name");
        let mine = all.iter().filter(|(.., operation)| operation["tags"][0] == name);
        Chapter {
            name: name.to_owned(),
            about: Prose::new(text(tag, "description")),
            operations: mine.map(|(path, method, said)| operation(document, server, path, method, said)).collect(),
        }
    })
    .collect()
}

fn operation(document: &Value, server: &str, path: &str, method: &str, said: &Value) -> Operation {
    let media = |content: &Value| {
        let (media_type, media) = object(content).next()?;
        Some((media_type.clone(), kind(&media["schema"])))
    };
    let body = media(&said["requestBody"]["content"]).map(|(media_type, kind)| Body {
        media_type,
        kind,
        required: said["requestBody"]["required"] == true,
    });
    let answers = object(&said["responses"]).map(|(status, answer)| {
        let (media_type, kind) = media(&answer["content"]).unwrap_or_default();
        Answer { status: status.clone(), about: Prose::new(text(answer, "description")), media_type, kind }
    });
    let parameters = said["parameters"].as_array().into_iter().flatten().map(|parameter| Parameter {
        name: text(parameter, "name").to_owned(),
        in_path: parameter["in"] == "path",
        required: parameter["required"] == true,
        kind: kind(&parameter["schema"]),
        about: Prose::new(text(parameter, "description")),
        default: match &parameter["schema"]["default"] {
            Value::Null => String::new(),
            value => value.to_string(),
        },
    });
    Operation {
        id: text(said, "operationId").to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(said, "summary").to_owned(),
        about: Prose::paragraphs(text(said, "description")),
        parameters: parameters.collect(),
        answers: answers.collect(),
        body,
        example: example(document, server, path, method, said),
    }
}

/// How to ask with curl: with everything in the address that has an example, and a body that could be.
fn example(document: &Value, server: &str, path: &str, method: &str, said: &Value) -> String {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in said["parameters"].as_array().into_iter().flatten() {
        let (name, value) = (text(parameter, "name"), &parameter["example"]);
        let each = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in each.iter().filter_map(Value::as_str) {
            if parameter["in"] == "path" {
                path = path.replace(&format!("{{{name}}}"), value);
            } else {
                query.push(format!("{name}={}", percent(value).replace("%40", "@").replace("%3A", ":")));
            }
        }
    }
    if !query.is_empty() {
        path.push_str(&format!("?{}", query.join("&")));
    }
    let mut words = String::from("curl");
    let sent = object(&said["requestBody"]["content"]).next();
    let implied = if sent.is_some() { "post" } else { "get" };
    if method != implied {
        words.push_str(&format!(" -X {}", method.to_uppercase()));
    }
    if said["responses"]["200"]["content"]["text/event-stream"].is_object() {
        words.push_str(" -N");
    }
    words.push_str(&format!(" '{server}{path}'"));
    match sent {
        Some((media_type, media)) if media_type == "application/json" => {
            let body = of_schema(document, &media["schema"]).to_string().replace('\'', r"'\''");
            words.push_str(&format!(" \\\n  -d '{body}'"));
        }
        Some(_) => words.push_str(" \\\n  --data-binary @message.eml"),
        None => {}
    }
    words
}

/// A value that fits: the example of the schema, or one of what its members have.
fn of_schema(document: &Value, schema: &Value) -> Value {
    let schema = match schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    };
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    let members = object(&schema["properties"]).filter(|(_, member)| !member["example"].is_null());
    Value::Object(members.map(|(name, member)| (name.clone(), member["example"].clone())).collect::<Map<_, _>>())
}

fn shape(name: &str, schema: &Value) -> Shape {
    // What is put together of others is told as one.
    let parts: Vec<&Value> = match schema["allOf"].as_array() {
        Some(parts) => parts.iter().collect(),
        None => vec![schema],
    };
    let members = parts.iter().flat_map(|part| {
        let required = part["required"].as_array();
        object(&part["properties"]).map(move |(name, member)| Member {
            name: name.clone(),
            required: required.is_some_and(|all| all.contains(&json!(name))),
            kind: kind(member),
            about: Prose::new(text(member, "description")),
            example: match &member["example"] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
        })
    });
    let members: Vec<_> = members.collect();
    let references: Vec<Kind> = parts.iter().filter(|part| part["$ref"].is_string()).map(|part| kind(part)).collect();
    let kind = match (members.is_empty(), references.is_empty()) {
        (true, _) => kind(schema),
        (false, true) => Kind::default(),
        (false, false) => {
            let mut pieces = vec![Piece::Word("all of ".into())];
            pieces.extend(references.into_iter().flat_map(|kind| kind.0));
            pieces.push(Piece::Word(", and".into()));
            Kind(pieces)
        }
    };
    Shape { name: name.to_owned(), about: Prose::new(text(schema, "description")), kind, members }
}

/// What a schema stands for, in words.
fn kind(schema: &Value) -> Kind {
    let mut pieces = Vec::new();
    say(schema, &mut pieces);
    Kind(pieces)
}

fn say(schema: &Value, pieces: &mut Vec<Piece>) {
    let mut word = |text: &str| pieces.push(Piece::Word(text.to_owned()));
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return pieces.push(Piece::Shape(name.to_owned()));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        // `null` is said last.
        let (none, some): (Vec<_>, Vec<_>) = choices.iter().partition(|choice| choice["type"] == "null");
        for (at, choice) in some.into_iter().enumerate() {
            if at > 0 {
                pieces.push(Piece::Word(" or ".into()));
            }
            say(choice, pieces);
        }
        if !none.is_empty() {
            pieces.push(Piece::Word(" or null".into()));
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match types.iter().find(|kind| **kind != "null") {
        Some(&"array") => match schema["items"]["type"].as_str() {
            Some(plain @ ("string" | "integer")) => word(&format!("{plain}s")),
            _ => {
                word("list of ");
                say(&schema["items"], pieces);
            }
        },
        Some(&"object") if schema["additionalProperties"].is_object() => {
            word("object of ");
            say(&schema["additionalProperties"], pieces);
        }
        Some(&"string") => match schema["format"].as_str() {
            Some("date-time") => word("instant"),
            Some("binary") => word("bytes"),
            _ => word("string"),
        },
        Some(other) => word(other),
        None => word("anything"),
    }
    if types.contains(&"null") {
        pieces.push(Piece::Word(" or null".into()));
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> + Clone {
    value.as_object().into_iter().flatten()
}
