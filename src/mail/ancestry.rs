//! Which messages a message says that it follows: In-Reply-To and References (RFC 5322 §3.6.4), as they were written.
//!
//! An id is what stands in angle brackets, and it is compared byte for byte: mail programs do so, and what they would not
//! put together is not put together here. What was written otherwise is kept to be named, not to be followed.

use std::collections::VecDeque;

use super::entity::unbracketed;
use super::weight::heap_bytes;

/// What a message says of those before it, and of itself where that is odd. Most messages say nothing and have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ancestry {
    /// The ids of In-Reply-To; none if there is no such field.
    pub in_reply_to: Option<Box<[Named]>>,
    /// The ids of References, the nearest last; none if there is no such field.
    pub references: Option<Box<[Named]>>,
    /// The message's own Message-ID as it was written, where that is not one id in angle brackets.
    pub own_as_written: Option<Box<str>>,
}

/// One id that a field names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Without its brackets.
    pub id: Box<str>,
    /// Whether it has them. What has not is no id (RFC 5322 §3.6.4, `msg-id`).
    pub bracketed: bool,
}

heap_bytes! {
    Ancestry { in_reply_to, references, own_as_written }
    Named { id }
}

impl Ancestry {
    /// The ids that can be followed: the nearest first, as far as the fields tell.
    pub fn nearest_first(&self) -> impl Iterator<Item = &str> {
        self.named().filter(|named| named.bracketed).map(|named| &*named.id)
    }

    /// All that is named: the last of References is the parent, and In-Reply-To where there are none (as JWZ's algorithm
    /// has it).
    pub fn named(&self) -> impl Iterator<Item = &Named> {
        let references = self.references.as_deref().unwrap_or_default().iter().rev();
        references.chain(self.in_reply_to.as_deref().unwrap_or_default())
    }

    /// Adds the ids of an unfolded field.
    pub(super) fn add(field: &mut Option<Box<[Named]>>, line: &str) {
        let mut all: VecDeque<Named> = field.take().map_or_else(VecDeque::new, |named| named.into_vec().into());
        let mut first = None;
        for named in ids(line) {
            if all.len() == IDS_MAX {
                let gone = all.pop_front();
                first = first.or(gone);
            }
            all.push_back(named);
        }
        // The first is the root of the conversation, which RFC 5322 wants kept when a list is cut.
        if let (Some(first), Some(place)) = (first, all.front_mut()) {
            *place = first;
        }
        if all.iter().any(|named| named.bracketed) {
            // `In-Reply-To: Ann's message of Monday <1@app.test>`: the address of a phrase is no id.
            all.retain(|named| named.bracketed);
        }
        *field = Some(Vec::from(all).into());
    }
}

/// The Message-ID as it was written, if it is not what [`unbracketed`] makes of it in brackets.
pub(super) fn odd_own(line: &str) -> Option<Box<str>> {
    let (line, id) = (line.trim(), unbracketed(line));
    let rest = line.strip_prefix('<').and_then(|rest| rest.strip_prefix(id));
    let is_plain = rest.is_some_and(|rest| rest.starts_with('>'));
    (!is_plain && !id.is_empty()).then(|| line[..line.floor_char_boundary(ID_BYTES_MAX)].into())
}

/// The ids of a line, and, without brackets, its words that could be meant as one.
fn ids(line: &str) -> impl Iterator<Item = Named> {
    let mut rest = line;
    let mut words: Option<std::str::SplitWhitespace<'_>> = None;
    let (mut bracketed, mut some_close) = (None, true);
    std::iter::from_fn(move || {
        loop {
            if let Some(word) = words.as_mut().and_then(Iterator::next) {
                let word = word.trim_matches(|char| "\"',;()".contains(char));
                if word.contains('@') && word.len() <= ID_BYTES_MAX {
                    return Some(Named { id: word.into(), bracketed: false });
                }
                continue;
            }
            if let Some(id) = bracketed.take().filter(|id: &&str| !id.trim().is_empty() && id.len() <= ID_BYTES_MAX) {
                return Some(Named { id: id.into(), bracketed: true });
            }
            if rest.is_empty() {
                return None;
            }
            let (before, after) = rest.split_once('<').unwrap_or((rest, ""));
            words = Some(before.split_whitespace());
            match some_close.then(|| after.split_once('>')).flatten() {
                Some((id, behind)) => (bracketed, rest) = (Some(id), behind),
                // One that never ends is a word. No other ends then, and a megabyte of them must not be looked through for each.
                None => (some_close, rest) = (false, after),
            }
        }
    })
}

/// Whether a subject is that of an answer: `Re:`, or what mail programs write for it in other tongues, perhaps counted as
/// in `Re[2]:`. A forwarded message begins something new.
pub fn is_reply_subject(subject: &str) -> bool {
    let Some((word, _)) = subject.trim_start().split_once([':', '：']) else { return false };
    let word = word.trim_end();
    let bare = word.split(['[', '(']).next().unwrap_or(word).trim_end_matches(|char: char| char.is_ascii_digit());
    ANSWERS.iter().any(|answer| bare.eq_ignore_ascii_case(answer))
}

/// English, French; German; Scandinavian; Dutch; Finnish; Polish; Italian; Portuguese; Turkish; Chinese, Japanese.
const ANSWERS: &[&str] = &[
    "re", "réf", "ref", "aw", "antw", "antwort", "sv", "vs", "odp", "ri", "rif", "res", "ynt", "回复", "答复", "返信",
];
/// Of one field: a conversation of ten years has some hundreds of messages, and its root and last ones are enough.
const IDS_MAX: usize = 100;
/// RFC 5322 §2.1.1: what does not fit in a line is no id.
const ID_BYTES_MAX: usize = 998;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let mut field = None;
        Ancestry::add(&mut field, line);
        let shown = |named: &Named| match named.bracketed {
            true => format!("<{}>", named.id),
            false => named.id.to_string(),
        };
        field.unwrap().iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ids_as_the_wild_writes_them() {
        for (line, ids) in [
            ("<a@b>", "<a@b>"),
            ("<a@b> <c@d>\t<e@f>", "<a@b> <c@d> <e@f>"),
            ("<a@b><c@d>,<e@f>", "<a@b> <c@d> <e@f>"),
            ("Your message of Monday, ann@app.test <a@b>", "<a@b>"),
            ("a@b", "a@b"),
            ("\"a@b\", c@d;", "a@b c@d"),
            ("< a@b >", "< a@b >"),
            ("<a@b", "a@b"),
            ("<>", ""),
            ("a phrase", ""),
            ("", ""),
        ] {
            assert_eq!(read(line), ids, "{line}");
        }
    }

    #[test]
    fn a_megabyte_of_brackets_takes_no_time() {
        let began = crate::clock::now();
        assert_eq!(read(&format!("{}a@b", "<".repeat(1 << 20))), "a@b");
        assert_eq!(read(&"<a@b".repeat(1 << 18)).split(' ').count(), IDS_MAX);
        assert!(crate::clock::now().duration_since(began).as_secs() < 3);
    }

    #[test]
    fn of_many_ids_the_first_and_the_last_are_kept() {
        let line: String = (0..10_000).map(|n| format!("<{n}@x> ")).collect();
        let ids = read(&line);
        assert_eq!(ids.split(' ').count(), IDS_MAX);
        assert!(ids.starts_with("<0@x> <9901@x>") && ids.ends_with("<9999@x>"), "{ids}");
        assert_eq!(read(&format!("<{}> <a@b>", "x".repeat(999))), "<a@b>");
    }

    #[test]
    fn an_id_of_its_own_that_is_none_is_kept_as_written() {
        for (line, odd) in [
            ("<a@b>", None),
            (" <a@b> (a comment)", None),
            ("a@b", Some("a@b")),
            ("< a@b >", Some("< a@b >")),
            ("<a@b", Some("<a@b")),
            ("", None),
            ("<>", None),
        ] {
            assert_eq!(odd_own(line).as_deref(), odd, "{line}");
        }
    }

    #[test]
    fn answers_in_many_tongues() {
        for (subject, is) in [
            ("Re: Order", true),
            ("RE : Order", true),
            ("re[2]: Order", true),
            ("Re2: Order", true),
            ("AW: Bestellung", true),
            ("Antw: x", true),
            ("SV: x", true),
            ("回复：订单", true),
            ("Fwd: x", false),
            ("Regarding: x", false),
            ("Reorder", false),
            (": x", false),
            ("", false),
        ] {
            assert_eq!(is_reply_subject(subject), is, "{subject}");
        }
    }

    #[test]
    fn the_nearest_is_the_last_of_the_references() {
        let mut ancestry = Ancestry::default();
        Ancestry::add(&mut ancestry.references, "<root@x> <parent@x>");
        Ancestry::add(&mut ancestry.in_reply_to, "<parent@x> <other@x>");
        assert_eq!(ancestry.nearest_first().collect::<Vec<_>>(), ["parent@x", "root@x", "parent@x", "other@x"]);
    }
}
