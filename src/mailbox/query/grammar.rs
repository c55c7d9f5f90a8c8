//! How words, alternatives and groups are put together: `a b OR c` is `(a b) OR c`, and a sign may stand before a group.
//!
//! A group opens only where a word could begin, and closes at a bracket that nothing within its word has opened, so
//! `foo(bar)` and `:)` are words. Whatever has no other side is refused: what it was meant to find is not known, and a
//! search also deletes.

use winnow::combinator::{alt, delimited, opt, preceded, repeat, terminated};
use winnow::prelude::*;
use winnow::stream::Stream;
use winnow::token::{one_of, take_till, take_while};

use super::language::{Form, Named, Token};
use super::{Clause, Query, QueryError};

/// What stands between alternatives; in small letters it is a word.
pub(super) const OR: &str = "OR";

/// Groups within groups.
const DEPTH_MAX: usize = 20;

/// Regular expressions in one search: to make one takes up to twenty milliseconds and half a megabyte, at every letter that
/// is typed behind it.
const EXPRESSIONS_MAX: usize = 20;

/// What has been read of one group, or of the whole search.
#[derive(Default)]
struct Level<'a> {
    negated: bool,
    /// The rest of the search, from its bracket on.
    from: &'a str,
    alternatives: Vec<Query>,
    clauses: Vec<Clause>,
    /// The rest of the search from an OR on that still waits for its other side.
    open_or: Option<&'a str>,
}

pub(super) fn read(text: &str) -> Result<Query, QueryError> {
    let (mut level, mut around) = (Level::default(), Vec::new());
    // A bracket at the end of a word is only a slip where there are brackets or alternatives.
    let (mut stray, mut is_grouped, mut expressions) = (None, false, 0);
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let from = rest;
        if let Some(negated) = opening(&mut rest) {
            if around.len() == DEPTH_MAX {
                return Err(refusal(from, "brackets can be 20 deep, not more", GROUP));
            }
            is_grouped = true;
            around.push(std::mem::replace(&mut level, Level { negated, from, ..Level::default() }));
        } else if let Some(behind) = rest.strip_prefix(')') {
            let Some(outer) = around.pop() else { return Err(unopened(from)) };
            if !behind.is_empty() && !behind.starts_with(|char: char| char.is_whitespace() || char == ')') {
                return Err(refusal(from, "a space is missing behind the bracket; in quotes it is a word", GROUP));
            }
            let group = std::mem::replace(&mut level, outer);
            level.clauses.extend(group.clauses()?);
            rest = behind;
        } else if let Some(behind) = or(rest) {
            is_grouped = true;
            level.end_alternative(from)?;
            level.open_or = Some(from);
            rest = behind;
        } else {
            // The grammar reads any text. Should it ever not, the search is refused: without clauses it would find everything.
            let token = token(!around.is_empty())
                .parse_next(&mut rest)
                .map_err(|_| refusal(from, "it is not understood", "words, or subject:\"a phrase\""))?;
            let typed = &from[..from.len() - rest.len()];
            let is_bare = token.form == Form::Bare || token.form == Form::Whole && !typed.ends_with('"');
            if around.is_empty() && is_bare && word_end(token.value) < token.value.len() {
                stray.get_or_insert(from);
            }
            expressions += usize::from(token.form == Form::Regex);
            if expressions > EXPRESSIONS_MAX {
                return Err(refusal(from, "a search can have 20 regular expressions, not more", EXPRESSIONS));
            }
            if !token.is_empty() {
                level.clauses.push(token.clause()?);
            }
        }
    }
    if !around.is_empty() {
        return Err(refusal(level.from, "its bracket is never closed; in quotes it is a word", GROUP));
    }
    match stray {
        Some(from) if is_grouped => Err(unopened(from)),
        _ => level.query(),
    }
}

impl Level<'_> {
    /// What stands before an OR.
    fn end_alternative(&mut self, or: &str) -> Result<(), QueryError> {
        if self.clauses.is_empty() {
            return Err(refusal(or, "nothing stands before this OR; in quotes it is a word", ALTERNATIVES));
        }
        self.alternatives.push(Query { clauses: std::mem::take(&mut self.clauses) });
        self.open_or = None;
        Ok(())
    }

    fn query(mut self) -> Result<Query, QueryError> {
        match self.open_or {
            None => Ok(Query { clauses: self.clauses }),
            Some(or) if self.clauses.is_empty() => {
                Err(refusal(or, "nothing stands behind this OR; in quotes it is a word", ALTERNATIVES))
            }
            Some(_) => {
                self.alternatives.push(Query { clauses: self.clauses });
                Ok(Query::either(self.alternatives))
            }
        }
    }

    /// What a group asks of a message, beside what stands around it.
    fn clauses(self) -> Result<Vec<Clause>, QueryError> {
        let Self { negated, from, .. } = self;
        let query = self.query()?;
        if query.is_empty() {
            return Err(refusal(from, "nothing stands between the brackets; in quotes it is a word", GROUP));
        }
        Ok(if negated { query.negated() } else { query }.clauses)
    }
}

fn refusal(from: &str, why: &str, example: &'static str) -> QueryError {
    let mut typed: String = from.chars().take(TYPED_CHARS_MAX).collect();
    if typed.len() < from.len() {
        typed.push('…');
    }
    QueryError::new(typed, example).because(why.into())
}

fn unopened(from: &str) -> QueryError {
    refusal(from, "its bracket was never opened; in quotes it is a word", GROUP)
}

const TYPED_CHARS_MAX: usize = 40;
const EXPRESSIONS: &str = "subject:/order|parcel/";
const GROUP: &str = "(from:ann OR from:bob) is:unread";
const ALTERNATIVES: &str = "from:ann OR from:bob";

/// The bracket that opens a group, and whether a sign stands before it.
fn opening(rest: &mut &str) -> Option<bool> {
    let behind_sign = rest.strip_prefix(['-', '!']);
    let behind = behind_sign.unwrap_or(rest).strip_prefix('(')?;
    *rest = behind;
    Some(behind_sign.is_some())
}

/// What stands behind an OR, if it stands alone.
fn or(rest: &str) -> Option<&str> {
    let behind = rest.strip_prefix(OR)?;
    let is_alone = behind.is_empty() || behind.starts_with(|char: char| char.is_whitespace() || "()".contains(char));
    is_alone.then_some(behind)
}

/// A word; in a group its bracket ends it too.
fn token<'a>(grouped: bool) -> impl ModalParser<&'a str, Token<'a>, winnow::error::ContextError> {
    move |input: &mut &'a str| {
        let negated = opt(one_of(['-', '!'])).parse_next(input)?.is_some();
        let term = opt(term).parse_next(input)?;
        let (form, value) = match term {
            Some(_) => alt((
                phrase.map(|value| (Form::Quoted, value)),
                preceded('=', alt((phrase, bare(grouped)))).map(|value| (Form::Whole, value)),
                expression(grouped).map(|value| (Form::Regex, value)),
                bare(grouped).map(|value| (Form::Bare, value)),
            ))
            .parse_next(input)?,
            None => alt((phrase.map(|value| (Form::Quoted, value)), bare(grouped).map(|value| (Form::Bare, value))))
                .parse_next(input)?,
        };
        // A lone sign consumes itself, so that reading always gets on.
        if value.is_empty() && form == Form::Bare && term.is_none() && !negated {
            return Err(winnow::error::ErrMode::Backtrack(winnow::error::ContextError::new()));
        }
        Ok(Token { negated, term, form, value })
    }
}

fn term<'a>(input: &mut &'a str) -> ModalResult<Named<'a>> {
    terminated(take_while(1.., |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char)), ':')
        .verify_map(Named::find)
        .parse_next(input)
}

/// A phrase that is never closed ends where the search does.
fn phrase<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    delimited('"', take_till(0.., '"'), opt('"')).parse_next(input)
}

/// `/…/`, a slash within it as `\/`. What goes on behind the second slash is a path.
fn expression<'a>(grouped: bool) -> impl ModalParser<&'a str, &'a str, winnow::error::ContextError> {
    let body = || repeat::<_, _, (), _, _>(0.., alt(("\\/".void(), one_of(|char| char != '/').void()))).take();
    move |input: &mut &'a str| {
        let value = delimited('/', body(), '/').parse_next(input)?;
        let ends = input.chars().next().is_none_or(|next| next.is_whitespace() || grouped && next == ')');
        if ends { Ok(value) } else { Err(winnow::error::ErrMode::Backtrack(winnow::error::ContextError::new())) }
    }
}

/// What ends a word also stands between words, be it a no-break space or an ideographic one: a search that is read only
/// up to there would find, and delete, what was not meant.
fn bare<'a>(grouped: bool) -> impl ModalParser<&'a str, &'a str, winnow::error::ContextError> {
    move |input: &mut &'a str| {
        let blank = input.find(char::is_whitespace).unwrap_or(input.len());
        let end = if grouped { word_end(&input[..blank]) } else { blank };
        Ok(input.next_slice(end))
    }
}

/// Where the first bracket closes that the word has not opened itself, or its end.
fn word_end(word: &str) -> usize {
    let mut open = 0_usize;
    let closes = |(_, char): &(usize, char)| match char {
        '(' => {
            open += 1;
            false
        }
        ')' if open == 0 => true,
        ')' => {
            open -= 1;
            false
        }
        _ => false,
    };
    word.char_indices().find(closes).map_or(word.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests;
