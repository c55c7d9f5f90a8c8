//! Which of the numbers is the code: the one that words for codes stand at, nearer than words for other numbers, or that
//! stands alone below them.

use super::candidate::{Candidate, Shape, candidates};
use super::code_words::{Says, WORDS};
use super::line::{Line, lower};
use super::words::Hit;
use super::{Code, Source};
use std::collections::HashMap;
use std::ops::Range;

/// The codes, the best first.
pub(super) fn judge(subject: &Line, text: &[Line], html: &[Line]) -> Vec<Code> {
    let about = strongest(&hits(&subject.plain));
    let mut found = in_lines(std::slice::from_ref(subject), None, Source::Subject);
    found.extend(in_lines(html, about, Source::Html));
    found.extend(in_lines(text, about, Source::Text));
    let mut merged = merged(found);
    merged.retain(|one| one.score >= SCORE_MIN);
    // What is only near a word gives way to what surely is one.
    let best = merged.iter().map(|one| one.score).max().unwrap_or(0);
    merged.retain(|one| one.score * 3 >= best * 2);
    merged.sort_by_key(|one| std::cmp::Reverse(one.score));
    merged.truncate(CODES_MAX);
    merged.into_iter().map(|one| one.code).collect()
}

struct Scored {
    code: Code,
    score: i32,
}

/// Each value once, as where it is clearest.
fn merged(found: Vec<Scored>) -> Vec<Scored> {
    let mut merged: Vec<Scored> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for mut one in found {
        let Some(&at) = places.get(&one.code.value) else {
            places.insert(one.code.value.clone(), merged.len());
            merged.push(one);
            continue;
        };
        let before = &mut merged[at];
        if matches!(before.code.source, Source::Html | Source::Both) && one.code.source == Source::Text {
            (before.code.source, one.code.source) = (Source::Both, Source::Both);
        }
        if one.score > before.score {
            *before = one;
        }
    }
    merged
}

fn in_lines(lines: &[Line], about: Option<Says>, source: Source) -> Vec<Scored> {
    let full: Vec<&Line> = lines.iter().filter(|line| !line.is_empty()).collect();
    let mut found = Vec::new();
    let mut looked = 0;
    // Codes in a list stand below the same words: those above its first.
    let mut list_from: Option<usize> = None;
    for (nth, line) in full.iter().enumerate() {
        let could_be = candidates(line);
        let mut listed = false;
        looked += could_be.len();
        if looked > CANDIDATES_MAX {
            break;
        }
        for candidate in could_be {
            let alone = is_alone(line, &candidate.at);
            let from = list_from.filter(|_| alone).unwrap_or(nth);
            let place = Place {
                line,
                above: full[from.saturating_sub(LINES_ABOVE)..from].iter().rev().copied().collect(),
                below: full.get(nth + 1).copied(),
                about,
                alone,
            };
            let Some((score, context)) = place.score(&candidate) else { continue };
            listed |= alone && score >= SCORE_MIN;
            let shown = line.text(candidate.at.clone());
            found.push(Scored { code: Code { value: candidate.value, shown, context, source }, score });
        }
        list_from = listed.then(|| list_from.unwrap_or(nth));
    }
    found
}

/// Where a candidate stands.
struct Place<'a> {
    line: &'a Line,
    /// The lines above, the nearest first.
    above: Vec<&'a Line>,
    below: Option<&'a Line>,
    /// What the subject says.
    about: Option<Says>,
    /// Whether it has the line, or an element that is set apart, to itself.
    alone: bool,
}

impl Place<'_> {
    /// How sure it is, and by which words; none if it is another number.
    fn score(&self, candidate: &Candidate) -> Option<(i32, String)> {
        let at = &candidate.at;
        let beside = beside(self.line, at)?;
        let mut score = beside;
        let mut context = self.line.text(window(self.line, at));
        let leads = at.start <= MARKS_MAX && self.line.plain[..at.start].iter().all(|char| !char.is_alphanumeric());
        if self.alone || leads {
            let (points, words) = self.around()?;
            if points > beside {
                context = format!("{words} {context}");
            }
            score += points;
        }
        let contains = |ranges: &[Range<usize>]| ranges.iter().any(|it| it.start <= at.start && at.end <= it.end);
        if score > 0 {
            score += if self.alone { 8 } else { 0 } + if contains(&self.line.large) { 10 } else { 0 };
            score += match self.about {
                Some(Says::Surely) => 10,
                Some(Says::Perhaps) => 5,
                _ => 0,
            };
        } else if self.alone && contains(&self.line.large) && self.about.is_some_and(|about| about != Says::Not) {
            score += SCORE_MIN;
        }
        let clear = beside >= CLEAR || self.alone;
        let unlikely = match candidate.shape {
            Shape::Letters => contains(&self.line.anchors),
            // `SPRING20` is for a shop.
            Shape::Mixed => !(clear || leads) || is_slogan(&candidate.value) && beside <= PERHAPS_MOST,
            // The number of a conference call.
            Shape::ManyDigits => beside <= PERHAPS_MOST && !self.alone,
            Shape::Year => !clear,
            _ => false,
        };
        if unlikely {
            return None;
        }
        score -= match candidate.shape {
            Shape::Digits => 0,
            Shape::Mixed => 6,
            Shape::ManyDigits => 12,
            Shape::Letters => 14,
            Shape::Year => 18,
        };
        Some((score, context.trim().to_owned()))
    }

    /// What the lines around say of a number that says nothing itself.
    fn around(&self) -> Option<(i32, String)> {
        let mut best = (0, String::new());
        for (by, line) in self.above.iter().enumerate() {
            let from = line.len().saturating_sub(CONTEXT_CHARS_MAX);
            let said = hits(&line.plain[from..]);
            let strongest = strongest(&said);
            // The nearest line decides what the number is.
            if by == 0 && strongest != Some(Says::Surely) && said.last().is_some_and(|hit| hit.kind == Says::Not) {
                return None;
            }
            let points = match strongest {
                Some(Says::Surely) => [40, 36, 32, 28][by.min(3)],
                Some(Says::Perhaps) => [32, 22, 14, 8][by.min(3)],
                _ => 0,
            };
            if points > best.0 {
                best = (points, line.text(from..line.len()));
            }
            if !self.alone {
                break;
            }
        }
        if let Some(line) = self.below.filter(|_| self.alone && best.0 < 30) {
            let end = line.len().min(CONTEXT_CHARS_MAX);
            let points = match strongest(&hits(&line.plain[..end])) {
                Some(Says::Surely) => 30,
                Some(Says::Perhaps) => 14,
                _ => 0,
            };
            if points > best.0 {
                best = (points, line.text(0..end));
            }
        }
        Some(best)
    }
}

/// What the words beside a number on its line say; none if it is another number.
fn beside(line: &Line, at: &Range<usize>) -> Option<i32> {
    let from = at.start.saturating_sub(REACH);
    let left = hits(&line.plain[from..at.start]);
    let right = hits(&line.plain[at.end..line.len().min(at.end + REACH)]);
    // A sentence that ended in between is a distance.
    let gap = |range: Range<usize>| {
        let between = &line.plain[range.clone()];
        let ends = between.windows(2).filter(|pair| is_end(pair[0], pair[1])).count();
        range.len() + SENTENCE_CHARS * ends
    };
    let of_left = |hit: &Hit<Says>| gap(from + hit.at.end..at.start);
    let of_right = |hit: &Hit<Says>| gap(at.end..at.end + hit.at.start);
    // A word for another number that has its number already says nothing of this one.
    let used_up = |hit: &Hit<Says>| {
        hit.kind == Says::Not && line.plain[from + hit.at.end..at.start].iter().any(char::is_ascii_digit)
    };
    let nearest = |says: Says| {
        let left = left.iter().filter(|hit| hit.kind == says && !used_up(hit)).map(of_left).min();
        let right = right.iter().filter(|hit| hit.kind == says).map(of_right).min();
        (left.unwrap_or(usize::MAX), right.unwrap_or(usize::MAX))
    };
    let (surely, perhaps, not) = (nearest(Says::Surely), nearest(Says::Perhaps), nearest(Says::Not));
    let code_left = surely.0.min(perhaps.0);
    let code_right = surely.1.min(perhaps.1);
    // `Order 481516`, `481516 (order)`; but `Acme Orders: 481516 is your code`.
    if not.0 < code_left && (not.0 <= NOT_TIGHT || not.0 <= NOT_REACH && code_right > CODE_TIGHT)
        || not.1 <= NOT_RIGHT && not.1 < code_left && not.1 < code_right
    {
        return None;
    }
    let points = |distance: usize, most: i32, reach: usize| {
        if distance > reach { 0 } else { most - i32::try_from(distance * 16 / reach).unwrap_or(most) }
    };
    Some(
        points(surely.0, 56, 80)
            .max(points(surely.1, 52, 60))
            .max(points(perhaps.0, PERHAPS_MOST, 40))
            .max(points(perhaps.1, 44, 28)),
    )
}

/// A word with a number behind it.
fn is_slogan(value: &str) -> bool {
    let word = value.trim_end_matches(|char: char| char.is_ascii_digit());
    word.len() >= 3 && value.len() - word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_end(char: char, next: char) -> bool {
    matches!(char, '。' | '！' | '？') || matches!(char, '.' | '!' | '?') && next == ' '
}

/// Nothing else on the line but marks; or nothing else in its element, if that is one that is set apart.
fn is_alone(line: &Line, at: &Range<usize>) -> bool {
    let bare = |range: Range<usize>| {
        if range.len() > at.len() + MARKS_MAX {
            return false;
        }
        let rest = line.plain[range.start..at.start].iter().chain(&line.plain[at.end..range.end]);
        {
            let mut rest = rest;
            rest.all(|char| !char.is_alphanumeric())
        }
    };
    let holds = |range: &&Range<usize>| range.start <= at.start && at.end <= range.end;
    bare(0..line.len()) || line.large.iter().filter(holds).any(|range| bare(range.clone()))
}

/// The words of a piece of a line; of those that overlap, the longest: `promo code` is no `code`.
fn hits(plain: &[char]) -> Vec<Hit<Says>> {
    let all = WORDS.hits(&lower(plain));
    let mut kept: Vec<Hit<Says>> = Vec::new();
    for mut hit in all {
        // `クーポンコード`, `discount code`: what is said first says which.
        let bound =
            |last: &Hit<Says>| last.kind == Says::Not && (last.at.end..=last.at.end + 1).contains(&hit.at.start);
        if hit.kind == Says::Perhaps && kept.last().is_some_and(bound) {
            hit.kind = Says::Not;
        }
        match kept.last_mut() {
            Some(last) if hit.at.start < last.at.end => {
                if hit.at.len() > last.at.len() {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

fn strongest(hits: &[Hit<Says>]) -> Option<Says> {
    [Says::Surely, Says::Perhaps, Says::Not].into_iter().find(|says| hits.iter().any(|hit| hit.kind == *says))
}

/// The sentence around, at most.
fn window(line: &Line, at: &Range<usize>) -> Range<usize> {
    let from = at.start.saturating_sub(CONTEXT_CHARS_MAX);
    let to = line.len().min(at.end + CONTEXT_CHARS_MAX);
    let ends = |range: Range<usize>| {
        line.plain[range.clone()]
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| is_end(pair[0], pair[1]))
            .map(move |(nth, _)| range.start + nth + 1)
    };
    ends(from..at.start).next_back().unwrap_or(from)..ends(at.end..to).next().unwrap_or(to)
}

/// What is less sure is no code.
const SCORE_MIN: i32 = 26;
/// No word that is less than sure gives more.
const PERHAPS_MOST: i32 = 46;
/// A number that may be a year needs a word right beside it.
const CLEAR: i32 = 44;
const CODES_MAX: usize = 20;
/// Candidates of a text that are looked at.
const CANDIDATES_MAX: usize = 2_000;
const LINES_ABOVE: usize = 4;
const CONTEXT_CHARS_MAX: usize = 120;
const REACH: usize = 90;
const SENTENCE_CHARS: usize = 40;
/// How near a word for another number must be, to the left, whatever else is said …
const NOT_TIGHT: usize = 3;
/// … or if nothing else is said nearby …
const NOT_REACH: usize = 40;
/// … on the right.
const CODE_TIGHT: usize = 24;
const NOT_RIGHT: usize = 3;
const MARKS_MAX: usize = 24;
