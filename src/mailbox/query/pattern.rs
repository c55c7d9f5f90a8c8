//! How a clause compares text: contained and matched whatever the case, equal to the letter.

use std::fmt;
use std::ops::Range;

use memchr::memmem;
use regex::{Regex, RegexBuilder};

use super::grammar::OR;

/// What a text must be like. Made by [`containing`], [`equal_to`] and [`matching`], or from a plain string, which is to
/// be contained.
#[derive(Clone, Debug)]
pub struct Pattern(How);

#[derive(Clone, Debug)]
enum How {
    /// `plain` if nobody said that it should only be contained.
    Contains {
        typed: Box<str>,
        lower: Box<str>,
        /// What finds it, made once for all texts.
        finder: Box<memmem::Finder<'static>>,
        plain: bool,
    },
    Equals(Box<str>),
    Matches(Regex),
}

/// A text that has this somewhere in it, whatever the case.
pub fn containing(text: impl Into<String>) -> Pattern {
    contains(text.into(), false)
}

fn contains(typed: String, plain: bool) -> Pattern {
    let lower = typed.to_lowercase();
    let finder = Box::new(memmem::Finder::new(&lower).into_owned());
    Pattern(How::Contains { lower: lower.into(), typed: typed.into(), finder, plain })
}

/// A text that is this one, to the letter; of addresses and tags the case does not count.
pub fn equal_to(text: impl Into<String>) -> Pattern {
    Pattern(How::Equals(text.into().into()))
}

/// A text in which this regular expression finds something, whatever the case; `(?-i)` makes the case count.
///
/// # Errors
/// A sentence that says what is wrong with it, or that it is too large.
pub fn matching(expression: &str) -> Result<Pattern, String> {
    let built = RegexBuilder::new(expression).case_insensitive(true).size_limit(REGEX_BYTES_MAX).build();
    // Its last line is the reason; those before draw the place.
    let reason = |error: regex::Error| {
        let said = error.to_string();
        said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    };
    built.map(|regex| Pattern(How::Matches(regex))).map_err(reason)
}

/// What a compiled expression may take.
const REGEX_BYTES_MAX: usize = 1 << 20;

impl From<&str> for Pattern {
    fn from(text: &str) -> Self {
        contains(text.to_owned(), true)
    }
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        contains(text, true)
    }
}

impl From<&String> for Pattern {
    fn from(text: &String) -> Self {
        contains(text.clone(), true)
    }
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its case counts, when it is to be equal.
    Text,
    /// The same in any case.
    Name,
    /// The same in any case; one with a local part is found from its beginning, for `1@app.test` is not `11@app.test`.
    Address,
}

impl Pattern {
    /// Whether the text is like this.
    pub(super) fn fits(&self, text: &str, kind: Kind) -> bool {
        match &self.0 {
            How::Contains { lower, .. } if kind == Kind::Address && has_local_part(lower) => {
                begins_in(&text.to_lowercase(), lower)
            }
            How::Contains { finder, .. } => finder.find(text.to_lowercase().as_bytes()).is_some(),
            How::Equals(typed) if kind == Kind::Text => text == &**typed,
            How::Equals(typed) => text.to_lowercase() == typed.to_lowercase(),
            How::Matches(regex) => regex.is_match(text),
        }
    }

    /// The same for a text that is in lower case already.
    pub(super) fn fits_lower(&self, text: &str) -> bool {
        match &self.0 {
            How::Contains { finder, .. } => finder.find(text.as_bytes()).is_some(),
            How::Equals(typed) => text == typed.to_lowercase(),
            How::Matches(regex) => regex.is_match(text),
        }
    }

    /// What every text that fits has in it, in lower case, if that is known.
    pub(super) fn needed(&self) -> Option<String> {
        match &self.0 {
            How::Contains { lower, .. } => Some(lower.to_string()),
            How::Equals(typed) => Some(typed.to_lowercase()),
            How::Matches(_) => None,
        }
    }

    /// Where it is found in a text that is in lower case already, if its case does not count.
    pub(super) fn hits_in_lower(&self, lower_text: &str, kind: Kind) -> impl Iterator<Item = Range<usize>> {
        let finder = match &self.0 {
            How::Contains { finder, lower, .. } if !lower.is_empty() => Some((finder, lower)),
            How::Contains { .. } | How::Equals(_) | How::Matches(_) => None,
        };
        let hits = finder.into_iter().flat_map(move |(finder, lower)| {
            let all = finder.find_iter(lower_text.as_bytes()).map(|at| at..at + lower.len());
            all.filter(move |hit| kind != Kind::Address || !has_local_part(lower) || begins_at(lower_text, hit.start))
        });
        let is_whole = match &self.0 {
            How::Equals(typed) => kind != Kind::Text && typed.to_lowercase() == lower_text,
            How::Contains { .. } | How::Matches(_) => false,
        };
        hits.chain(is_whole.then_some(0..lower_text.len()))
    }

    /// Where it is found in a text in its own letters, if [`Self::hits_in_lower`] does not tell.
    pub(super) fn hits_as_typed(&self, text: &str, kind: Kind) -> impl Iterator<Item = Range<usize>> {
        let regex = match &self.0 {
            How::Matches(regex) => Some(regex),
            How::Contains { .. } | How::Equals(_) => None,
        };
        let is_whole = matches!(&self.0, How::Equals(typed) if kind == Kind::Text && **typed == *text);
        let hits = regex.into_iter().flat_map(move |regex| regex.find_iter(text)).map(|hit| hit.range());
        hits.chain(is_whole.then_some(0..text.len()))
    }

    /// A whole address by itself is meant as a whole: `1@app.test` is not in `11@app.test`.
    pub(super) fn of_address(self) -> Self {
        match self.0 {
            How::Contains { typed, plain: true, .. } if is_address(&typed) => Self(How::Equals(typed)),
            _ => self,
        }
    }

    /// After "expected": `to contain "Welcome"`, or its opposite.
    pub(super) fn expected(&self, negated: bool) -> String {
        let not = if negated { "not " } else { "" };
        match &self.0 {
            How::Contains { typed, .. } => format!("{not}to contain {typed:?}"),
            How::Equals(typed) => format!("{not}to be {typed:?}"),
            How::Matches(regex) => format!("{not}to match /{regex}/"),
        }
    }

    /// As the search language writes it where no term stands before it: neither a term nor a sign of the language.
    pub(super) fn as_word(&self) -> String {
        match &self.0 {
            How::Contains { typed, .. } if !typed.contains('"') && (typed.contains(':') || &**typed == OR) => {
                format!("\"{typed}\"")
            }
            _ => self.to_string(),
        }
    }

    /// From 0 to 1, how much the text is like it; of what cannot be compared so, 0.
    pub(super) fn closeness(&self, text: &str) -> f64 {
        let head = |text: &str| text.chars().take(CLOSENESS_CHARS_MAX).collect::<String>().to_lowercase();
        match &self.0 {
            How::Contains { typed, .. } | How::Equals(typed) => {
                strsim::normalized_levenshtein(&head(typed), &head(text))
            }
            How::Matches(_) => 0.0,
        }
    }
}

/// Texts are compared up to here for being alike: the time it takes grows with the square.
const CLOSENESS_CHARS_MAX: usize = 80;

/// As the search language writes it.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            How::Contains { typed, .. } if is_bare(typed) => f.write_str(typed),
            How::Contains { typed, .. } => write!(f, "\"{typed}\""),
            How::Equals(typed) if is_bare(typed) => write!(f, "={typed}"),
            How::Equals(typed) => write!(f, "=\"{typed}\""),
            How::Matches(regex) => write!(f, "/{}/", regex.as_str().replace('/', "\\/")),
        }
    }
}

/// Whether a value means itself without quotes.
pub(super) fn is_bare(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['=', '/', '"', '-', '!'])
        && !text.contains(|char: char| char.is_whitespace() || char.is_control())
        // A bracket may be that of a group; a quote cannot stand between quotes.
        && (text.contains('"') || !text.contains(['(', ')']))
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(char::is_whitespace)
}

fn has_local_part(text: &str) -> bool {
    text.find('@').is_some_and(|at| at > 0)
}

/// Whether an address begins like this somewhere in the text, which may have a name before it.
fn begins_in(text: &str, lower: &str) -> bool {
    memmem::find_iter(text.as_bytes(), lower.as_bytes()).any(|at| begins_at(text, at))
}

/// Whether an address may begin here.
fn begins_at(text: &str, at: usize) -> bool {
    let of_local_part = |char: char| char.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(char);
    !text[..at].chars().next_back().is_some_and(of_local_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contained_whatever_the_case_and_equal_to_the_letter() {
        assert!(containing("ÖSTER").fits("Am Österreicher", Kind::Text));
        assert!(equal_to("Welcome").fits("Welcome", Kind::Text));
        assert!(!equal_to("Welcome").fits("welcome", Kind::Text));
        assert!(equal_to("Ann@App.test").fits("ann@app.test", Kind::Address));
        assert!(matching("order #\\d+").unwrap().fits("Your ORDER #17", Kind::Text));
        assert!(!matching("(?-i)order").unwrap().fits("ORDER", Kind::Text));
    }

    #[test]
    fn a_whole_address_is_not_found_within_another() {
        for (pattern, address, expected) in [
            ("1@app.test", "11@app.test", false),
            ("1@app.test", "1@APP.test", true),
            ("1@app.t", "Ann <1@app.test>", true),
            ("1@app.t", "11@app.test", false),
            ("ann@", "joann@app.test", false),
            ("t+x@", "ann+t+x@app.test", false),
            ("@app.test", "11@app.test", true),
            ("nn", "ann@app.test", true),
        ] {
            assert_eq!(containing(pattern).fits(address, Kind::Address), expected, "{pattern} in {address}");
        }
        assert!(!Pattern::from("1@app.test").of_address().fits("1@app.test.example", Kind::Address));
    }

    #[test]
    fn a_bad_expression_is_said_in_one_line() {
        assert_eq!(matching("(").unwrap_err(), "unclosed group");
        assert!(matching("\\w{1000}{1000}").unwrap_err().contains("size limit"));
    }
}
