//! Several runs of one figure: the median, and how far the runs lay apart.

use std::fmt::Write;

/// A figure of each run, in the order of the runs.
#[derive(Clone, Debug, Default)]
pub struct Runs(pub Vec<f64>);

impl Runs {
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        match (sorted.len(), sorted.len() / 2) {
            (0, _) => f64::NAN,
            (length, half) if length % 2 == 1 => sorted[half],
            (_, half) => f64::midpoint(sorted[half - 1], sorted[half]),
        }
    }

    fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn most(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Each run beside the other's run of the same round: what both shared of the machine's moods cancels out.
    pub fn beside(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(ours, theirs)| ours / theirs).collect())
    }

    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// `0.93 × (0.90–0.95)`: the median of the pairs, with the least and the most.
    pub fn ratio(&self, other: &Self) -> String {
        let ratios = self.beside(other);
        let mut text = format!("{} ×", digits(ratios.median()));
        if ratios.0.len() > 1 {
            let _ = write!(text, " ({}–{})", digits(ratios.least()), digits(ratios.most()));
        }
        text
    }
}

/// About three digits that count: `1,243`, `36.7`, `0.93`, `0.012`.
pub fn digits(number: f64) -> String {
    match number {
        number if !number.is_finite() => "–".to_owned(),
        number if number >= 99.95 => grouped(number.round() as u64),
        number if number >= 9.995 => format!("{number:.1}"),
        number if number >= 0.0995 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

fn grouped(number: u64) -> String {
    let plain = number.to_string();
    let mut text = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
