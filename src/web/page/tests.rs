//! What holds for every page, whoever wrote the mail.

mod hostile;

use super::list::{Entry, RowFragment};
use super::message::Tab;
use super::{ListPage, Pane};
use askama::Template;
use hostile::{BASE, list, message, message_entry, pages, row, session};

/// The tags of a page, each from `<` to `>`. Nothing hostile can be in one but inside its quoted attributes.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
}

#[test]
fn hostile_words_stay_words() {
    for (name, page) in pages() {
        assert!(!page.contains("<script>"), "{name}");
        assert!(!page.contains("<img src=x"), "{name}");
        assert!(!page.contains("</li></a>\""), "{name}");
        for tag in tags(&page) {
            // A quote or bracket of the sender's would leave an odd number of them.
            assert_eq!(tag.matches('"').count() % 2, 0, "{name}: <{tag}>");
        }
    }
}

#[test]
fn the_policy_has_nothing_to_forbid() {
    for (name, page) in pages() {
        for tag in tags(&page) {
            // Attributes stand outside of quotes: every second piece is a value.
            let names: String = tag.split('"').step_by(2).collect();
            assert!(!names.contains("style=") && !names.contains(" on"), "{name}: <{tag}>");
            assert!(!tag.starts_with("script") || names.contains("src="), "{name}: <{tag}>");
        }
    }
}

#[test]
fn every_address_is_relative_to_the_mount_or_its_root() {
    for (name, page) in pages() {
        for tag in tags(&page).filter(|tag| !tag.starts_with("use") && !tag.starts_with("textPath")) {
            for attribute in [" href=\"", " src=\"", " action=\"", " formaction=\"", " data-copy-url=\""] {
                let Some((_, value)) = tag.split_once(attribute) else { continue };
                let (value, _) = value.split_once('"').unwrap();
                let is_ours = value.starts_with("/prefix/") || value.starts_with('#');
                let is_link_of_the_text = tag.starts_with("a ") && value.starts_with("https://a.test/");
                assert!(is_ours || is_link_of_the_text, "{name}: <{tag}>");
            }
        }
    }
}

#[test]
fn the_page_contains_the_fragment_that_the_stream_sends() {
    let page = ListPage { rows: vec![message_entry(row()), Entry::Session(session().into())], ..list(Pane::Gone) };
    let sent = super::live::session(BASE, &session());
    let sent: String = sent.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert!(page.render().unwrap().replace('\n', "").contains(&sent), "{sent}");
    let tail = page.shell.query_string();
    let fragment = RowFragment { row: &row(), base: BASE, tail: &tail, open: "" }.render().unwrap();
    assert!(page.render().unwrap().contains(&fragment));
    // What is sent is the same but for the link, which the script makes.
    let sent = super::row_fragment(&row());
    assert_eq!(
        sent,
        fragment.replace(
            &format!("{BASE}message/{}{}", row().id, tail.replace('&', "&#38;")),
            &format!("message/{}", row().id)
        )
    );
}

#[test]
fn frames_for_mail_may_run_nothing_and_are_nobody() {
    let page = list(message(Tab::Html)).render().unwrap();
    let frame = tags(&page).find(|tag| tag.starts_with("iframe")).unwrap();
    assert!(frame.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    assert!(frame.contains("referrerpolicy=\"no-referrer\""));
}

#[test]
fn remote_content_is_not_loaded_unless_asked_for() {
    let page = list(message(Tab::Html)).render().unwrap();
    assert!(page.contains(&format!("src=\"{BASE}message/1AbCdEfGhIjKlMnOpQrS00/html\"")));
    assert!(!page.contains("html?remote=1\""));
}
