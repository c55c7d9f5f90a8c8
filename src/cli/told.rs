//! Messages told on a terminal: one in full, many as a table. Mail is hostile: what could move a cursor or ring a bell
//! is shown as a mark.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::mailbox::query;

/// A text without control characters, line ends and tabs aside.
pub(super) fn harmless(text: &str) -> String {
    let cells = |line: &str| line.split('\t').map(query::harmless).collect::<Vec<_>>().join("\t");
    text.replace('\r', "").split('\n').map(cells).collect::<Vec<_>>().join("\n")
}

/// The same on one line.
pub(super) fn line(text: &str) -> String {
    harmless(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a person wants to see of a message, from the API's JSON of it.
pub(super) fn message(whole: &Value) -> String {
    let text = |name: &str| whole[name].as_str().unwrap_or_default();
    let mut told = String::new();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            told.push_str(&format!("{name:<9}{}\n", line(value)));
        }
    };
    row("From", &person(&whole["From"]));
    for name in ["To", "Cc", "Bcc"] {
        row(name, &people(&whole[name]));
    }
    let envelope = &whole["Envelope"];
    let recipients = list(&envelope["To"], |to| to["Address"].as_str().unwrap_or_default().to_owned());
    row("Envelope", &format!("<{}> → {recipients}", envelope["From"]["Address"].as_str().unwrap_or_default()));
    row("Subject", text("Subject"));
    row("Received", text("Created"));
    row("Mailbox", text("Mailbox"));
    row("Tags", &list(&whole["Tags"], |tag| tag.as_str().unwrap_or_default().to_owned()));
    row("Files", &list(&whole["Attachments"], |file| file["FileName"].as_str().unwrap_or_default().to_owned()));
    row("ID", text("ID"));
    format!("{told}\n{}\n", harmless(text("Text")).trim_end())
}

fn person(person: &Value) -> String {
    match (person["Name"].as_str().unwrap_or_default(), person["Address"].as_str().unwrap_or_default()) {
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    }
}

fn people(list: &Value) -> String {
    self::list(list, person)
}

fn list(values: &Value, text: impl Fn(&Value) -> String) -> String {
    values.as_array().map_or_else(String::new, |values| values.iter().map(text).collect::<Vec<_>>().join(", "))
}

/// Columns, each as wide as it must be and at most `width`; the last has no end.
pub(super) fn table(rows: &[Vec<String>], widths_max: &[usize]) -> String {
    let width = |column: usize| {
        let widest = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
        widest.min(widths_max.get(column).copied().unwrap_or(usize::MAX))
    };
    let widths: Vec<_> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| fitted(cell, width));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Cut or filled to this width on the screen.
fn fitted(cell: &str, width: usize) -> String {
    if cell.width() <= width {
        return format!("{cell}{}", " ".repeat(width - cell.width()));
    }
    let (mut cut, mut taken) = (String::new(), 0);
    for char in cell.chars() {
        let wide = char.width().unwrap_or(0);
        if taken + wide >= width {
            break;
        }
        taken += wide;
        cut.push(char);
    }
    format!("{cut}…{}", " ".repeat(width - taken - 1))
}

/// One message as a row: when, who, to whom, what. `time` is RFC 3339 and loses its day.
pub(super) fn row(time: &str, from: &str, to: &str, subject: &str) -> Vec<String> {
    let time = time.split_once('T').map_or(time, |(_, time)| time.get(..8).unwrap_or(time));
    let subject = if subject.is_empty() { "no subject" } else { subject };
    vec![time.to_owned(), line(from), line(to), line(subject)]
}

/// Widths of such rows.
pub(super) const ROW_WIDTHS: [usize; 4] = [8, 30, 30, 60];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_move_a_cursor_is_a_mark() {
        assert_eq!(harmless("a\x1b[2Jb\r\n\tc\u{202e}d\u{7}"), "a\u{fffd}[2Jb\n\tc\u{fffd}d\u{fffd}");
        assert_eq!(line(" a\n  b "), "a b");
    }

    #[test]
    fn columns_stand_below_each_other_however_wide_their_letters() {
        let rows = [
            vec!["ab".to_owned(), "x".into()],
            vec!["日本語".into(), "y".into()],
            vec!["abcdefghij".into(), "z".into()],
        ];
        assert_eq!(table(&rows, &[7, 9]), "ab       x\n日本語   y\nabcdef…  z\n");
        assert_eq!(table(&[], &[7]), "");
    }
}
