//! What could be a code by its look: digits, digits in groups, letters and digits. Not what it is: see
//! [`super::codes`]. What is glued to more (an amount, a time, a date, an address, a version) is none.

use super::line::Line;
use super::words::is_spaced;
use std::ops::Range;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) at: Range<usize>,
    pub(super) value: String,
    pub(super) shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Four to eight digits, in one piece or in equal groups.
    Digits,
    /// Nine or ten.
    ManyDigits,
    /// Four digits that may be a year of this time.
    Year,
    /// Letters and digits.
    Mixed,
    /// Letters alone, in groups.
    Letters,
}

/// All of a line, in order.
pub(super) fn candidates(line: &Line) -> Vec<Candidate> {
    let tokens = tokens(line);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let run = run_of_groups(line, &tokens[at..]);
        let range = tokens[at].start..tokens[at + run - 1].end;
        let fits = !is_measured(line, &range) && !is_continued(line, &tokens, at, run);
        let one = match run {
            1 => single(line, tokens[at].clone()),
            _ => grouped(line, &tokens[at..at + run]).or_else(|| before_a_small_number(line, &tokens[at..at + run])),
        };
        found.extend(one.filter(|_| fits));
        at += run;
    }
    found
}

/// The words of a line as to what is glued together, without the punctuation around them.
fn tokens(line: &Line) -> Vec<Range<usize>> {
    let plain = &line.plain;
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        if !is_glue(plain[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < plain.len() && is_glue(plain[at]) {
            at += 1;
        }
        tokens.push(trimmed(plain, start..at));
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

fn is_glue(char: char) -> bool {
    match char {
        _ if char.is_ascii_alphanumeric() => true,
        '-' | '_' | '.' | ',' | '/' | ':' | '@' | '#' | '%' | '&' | '=' | '+' | '*' | '~' | '\'' | '\\' | '^' | '|' => {
            true
        }
        '$' | '€' | '£' | '¥' | '₽' | '₺' | '₩' | '₹' | '•' | '…' | '°' | '№' | '§' | '?' | '!' | ';' => {
            true
        }
        _ => char.is_alphanumeric() && is_spaced(char),
    }
}

/// `code:481516.` → `481516`; `*481516*` → `481516`; `****1234` stays what it is.
fn trimmed(plain: &[char], mut token: Range<usize>) -> Range<usize> {
    let is_end = |char: char| matches!(char, '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '|' | '…');
    while token.end > token.start && is_end(plain[token.end - 1]) {
        token.end -= 1;
    }
    while token.end > token.start && matches!(plain[token.start], '\'' | '|' | ':' | '=') {
        token.start += 1;
    }
    // Bold, as text writes it.
    let marks =
        |mut chars: std::slice::Iter<'_, char>| chars.by_ref().take_while(|char| matches!(char, '*' | '_')).count();
    let text = &plain[token.clone()];
    let (left, right) = (marks(text.iter()), text.iter().rev().take_while(|char| matches!(char, '*' | '_')).count());
    if left == right && left > 0 && 2 * left < text.len() {
        token = token.start + left..token.end - right;
    }
    // A word and a colon before it are not glued to it.
    let text = &plain[token.clone()];
    if let Some(colon) = text.iter().position(|char| matches!(char, ':' | '='))
        && text[..colon].iter().all(|char| char.is_alphabetic() || matches!(char, '-' | '_'))
        && !text[colon..].iter().any(|char| matches!(char, '/' | '@' | '&'))
    {
        token.start += colon + 1;
    }
    token
}

/// How many tokens from the first on are digits with one space between, or digits one by one with a dash among them.
fn run_of_groups(line: &Line, tokens: &[Range<usize>]) -> usize {
    let plain = &line.plain;
    let digits = |token: &Range<usize>| plain[token.clone()].iter().all(char::is_ascii_digit);
    let single = |token: &Range<usize>| token.len() == 1 && plain[token.start].is_ascii_alphanumeric();
    let near =
        |left: &Range<usize>, right: &Range<usize>| right.start == left.end + 1 && matches!(plain[left.end], ' ' | '·');
    let dash = |token: &Range<usize>| token.len() == 1 && plain[token.start] == '-';
    let wanted = |token: &Range<usize>| {
        if single(&tokens[0]) { single(token) || dash(token) } else { digits(token) || dash(token) }
    };
    if !digits(&tokens[0]) && !single(&tokens[0]) {
        return 1;
    }
    let count = 1 + tokens.windows(2).take_while(|pair| near(&pair[0], &pair[1]) && wanted(&pair[1])).count();
    // A dash does not end a code.
    if count > 1 && dash(&tokens[count - 1]) { count - 1 } else { count }
}

fn single(line: &Line, token: Range<usize>) -> Option<Candidate> {
    let text: String = line.plain[token.clone()].iter().collect();
    let (value, shape) = shape(&text)?;
    Some(Candidate { at: token, value, shape })
}

fn shape(text: &str) -> Option<(String, Shape)> {
    let groups: Vec<&str> = text.split('-').collect();
    let sizes = || groups.iter().map(|group| group.len());
    let even = sizes().all(|size| size == groups[0].len());
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        let digits: String = groups.concat();
        let grouped = groups.len() > 1;
        if grouped && (!even || groups[0].len() > 4 || groups[0].is_empty() || digits.len() < 6) {
            return None;
        }
        return digits_shape(&digits, grouped).map(|shape| (digits, shape));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return None;
    }
    let (has_digit, has_letter) =
        (text.bytes().any(|byte| byte.is_ascii_digit()), text.bytes().any(|byte| byte.is_ascii_alphabetic()));
    let upper = !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let prefixed = groups.len() == 2
        && (1..=4).contains(&groups[0].len())
        && groups[0].bytes().all(|byte| byte.is_ascii_uppercase())
        && (4..=8).contains(&groups[1].len())
        && groups[1].bytes().all(|byte| byte.is_ascii_digit());
    let fits = match groups.len() {
        1 => (4..=12).contains(&text.len()) && has_digit,
        2..=6 => prefixed || even && (3..=6).contains(&groups[0].len()) && (has_digit || upper),
        _ => false,
    };
    let kind = if has_digit { Shape::Mixed } else { Shape::Letters };
    (fits && has_letter).then(|| (text.to_owned(), kind))
}

fn digits_shape(digits: &str, grouped: bool) -> Option<Shape> {
    match digits.len() {
        4 if !grouped && (digits.starts_with("19") || digits.starts_with("20")) => Some(Shape::Year),
        4..=8 => Some(Shape::Digits),
        9..=10 => Some(Shape::ManyDigits),
        _ => None,
    }
}

/// `481 516`, `48 15 16`, `4 8 1 5 1 6`, `4 8 1 - 5 1 6`: groups of one size.
fn grouped(line: &Line, run: &[Range<usize>]) -> Option<Candidate> {
    let groups: Vec<&[char]> =
        run.iter().map(|token| &line.plain[token.clone()]).filter(|group| *group != ['-']).collect();
    let size = groups.first()?.len();
    if size > 4 || groups.len() < 2 || groups.iter().any(|group| group.len() != size) {
        return None;
    }
    let value: String = groups.iter().copied().flatten().collect();
    let at = run.first()?.start..run.last()?.end;
    let shape = if value.bytes().all(|byte| byte.is_ascii_digit()) {
        digits_shape(&value, true)?
    } else {
        ((4..=8).contains(&value.len()) && value.bytes().any(|byte| byte.is_ascii_digit())).then_some(Shape::Mixed)?
    };
    Some(Candidate { at, value, shape })
}

/// `481516 10 minutes`: two numbers, of which the second only follows.
fn before_a_small_number(line: &Line, run: &[Range<usize>]) -> Option<Candidate> {
    let [first, second] = run else { return None };
    (first.len() >= 4 && second.len() <= 2).then(|| single(line, first.clone())).flatten()
}

/// Whether it is a number of something: money, a measure, a date in words.
fn is_measured(line: &Line, at: &Range<usize>) -> bool {
    let after = line.plain.get(at.end..).unwrap_or_default();
    let tight = after.first().is_some_and(|char| COUNTED.contains(char));
    let word = |chars: &[char]| -> String {
        let chars = chars.iter().skip_while(|char| **char == ' ').take(12);
        chars
            .take_while(|char| char.is_alphanumeric() || "$€£¥₽₺₩₹%".contains(**char))
            .flat_map(|char| char.to_lowercase())
            .collect()
    };
    let before: Vec<char> =
        line.plain[..at.start].iter().rev().skip_while(|char| **char == ' ').take(8).copied().collect();
    let before: String =
        before.iter().take_while(|char| char.is_alphanumeric() || "$€£¥₽₺₩₹".contains(**char)).collect();
    let before: String = before.chars().rev().flat_map(char::to_lowercase).collect();
    tight || UNITS.contains(&word(after).as_str()) || MONEY.contains(&before.as_str())
}

/// Whether a number goes on before or behind it: a telephone number, an IBAN, an amount with a fraction.
fn is_continued(line: &Line, tokens: &[Range<usize>], at: usize, run: usize) -> bool {
    // `•••• 1234`: the rest is hidden.
    let masked = |char: &char| matches!(char, '•' | '*' | '…');
    let numeric = |token: &Range<usize>| {
        let token = &line.plain[token.clone()];
        token.iter().any(char::is_ascii_digit) || token.iter().all(masked)
    };
    let gap = |left: &Range<usize>, right: &Range<usize>| {
        let gap = &line.plain[left.end.min(right.start)..right.start];
        gap.len() <= 2 && gap.iter().all(|char| matches!(char, ' ' | ')' | '(' | '/'))
    };
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let behind = tokens.get(at + run);
    // A small number behind is another one: `481516 (10 min)`.
    before.is_some_and(|token| gap(token, &tokens[at]) && numeric(token))
        || behind.is_some_and(|token| {
            gap(&tokens[at + run - 1], token) && numeric(token) && token.len() > 2 && line.plain[token.start - 1] != '('
        })
}

/// What makes a number a count, right behind it, where words are not divided.
const COUNTED: [char; 22] = [
    '円', '元', '원', '万', '만', '年', '月', '日', '时', '時', '分', '人', '件', '点', '個', '个', '号', '號', '番',
    '년', '명', '개',
];
const UNITS: [&str; 54] = [
    "eur",
    "usd",
    "gbp",
    "chf",
    "pln",
    "zł",
    "zl",
    "kr",
    "kč",
    "rub",
    "руб",
    "р",
    "тл",
    "try",
    "tl",
    "sar",
    "aed",
    "jpy",
    "krw",
    "cny",
    "brl",
    "mxn",
    "€",
    "$",
    "£",
    "₽",
    "₺",
    "%",
    "km",
    "kg",
    "g",
    "mb",
    "gb",
    "kb",
    "mbit",
    "kwh",
    "м",
    "min",
    "minutes",
    "people",
    "users",
    "points",
    "punkte",
    "meilen",
    "miles",
    "km²",
    "m²",
    "ريال",
    "درهم",
    "جنيه",
    "円",
    "원",
    "元",
    "баллов",
];
const MONEY: [&str; 24] = [
    "eur", "usd", "gbp", "chf", "pln", "rub", "try", "tl", "sar", "aed", "jpy", "krw", "cny", "brl", "mxn", "r$", "$",
    "€", "£", "¥", "₩", "₽", "₺", "₹",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_code() {
        for (text, expected) in [
            ("Your code is 481516.", "481516"),
            ("code:481516", "481516"),
            ("*481516*", "481516"),
            ("123 456", "123456"),
            ("123-456", "123456"),
            ("1 2 3 4 5 6", "123456"),
            ("1 2 3 - 4 5 6", "123456"),
            ("４８１５１６", "481516"),
            ("٤٨١٥١٦", "481516"),
            ("認証コードは481516です。", "481516"),
            ("G-481516 is", "G-481516"),
            ("AB12-CD34", "AB12-CD34"),
            ("481516 (10 min)", "481516"),
            ("A 4 F 9 2 K", "A4F92K"),
            ("WDJB-MJHT", "WDJB-MJHT"),
        ] {
            let found = candidates(&Line::new(text));
            assert_eq!(found.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(), [expected], "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "1.284,50",
            "14:05",
            "2026-02-17",
            "17.02.2026",
            "17/02/2026",
            "+49 30 123 456",
            "(030) 123 456",
            "555-0100",
            "DE89 3704 0044 0532 0130 00",
            "4111 1111 1111 1111",
            "****1234",
            "•••• 1234",
            "#481516",
            "https://a.test/481516",
            "a481516@app.test",
            "v1.2.3",
            "127.0.0.1:8025",
            "$4815",
            "4815 EUR",
            "4815 €",
            "USD 4815",
            "4815円",
            "50%",
            "12 500 zł",
            "123-456-7890",
            "3f2a9c10-1111-4222-8333-123456789abc",
            "2026年",
            "123",
            "word",
            "two-fold",
        ] {
            assert_eq!(candidates(&Line::new(text)), [], "{text}");
        }
    }
}
