//! The tabs of a message.

/// The tabs: a row of this table, and nothing else, makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The HTML part.
    Html,
    /// The text part.
    Text,
    /// The invitation.
    Event,
    /// The delivery report.
    Report,
    /// The AMP part, as source.
    Amp,
    /// The header fields.
    Headers,
    /// The MIME tree.
    Parts,
    /// The raw message.
    Source,
    /// The envelope and the dialogue.
    Envelope,
    /// What was odd.
    Findings,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: &[Self] = &[
        Self::Html,
        Self::Text,
        Self::Event,
        Self::Report,
        Self::Amp,
        Self::Headers,
        Self::Parts,
        Self::Source,
        Self::Envelope,
        Self::Findings,
    ];

    /// Those that not every message has, the best to read first.
    pub const OPTIONAL: &[Self] = &[Self::Html, Self::Text, Self::Event, Self::Report, Self::Amp, Self::Envelope];

    /// Whether it is shown, greyed out, where there is nothing for it.
    pub fn always_stands(self) -> bool {
        !matches!(self, Self::Event | Self::Report | Self::Amp | Self::Envelope)
    }

    /// The word in `?tab=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
            Self::Event => "event",
            Self::Report => "report",
            Self::Amp => "amp",
            Self::Headers => "headers",
            Self::Parts => "parts",
            Self::Source => "source",
            Self::Envelope => "envelope",
            Self::Findings => "findings",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Text => "Text",
            Self::Event => "Event",
            Self::Report => "Report",
            Self::Amp => "AMP",
            Self::Headers => "Headers",
            Self::Parts => "Parts",
            Self::Source => "Source",
            Self::Envelope => "Envelope",
            Self::Findings => "Findings",
        }
    }

    /// What the tab shows, for those who point at it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Html => "The HTML part, without scripts and remote content",
            Self::Text => "The plain text part",
            Self::Event => "The invitation, times as written",
            Self::Report => "What became of a message, for each recipient",
            Self::Amp => "The AMP part as source; it is not run",
            Self::Headers => "Every header field in the order of the wire",
            Self::Parts => "The MIME tree, each part to see or to save",
            Self::Source => "The message, byte for byte as it was sent",
            Self::Envelope => "What the SMTP connection said, and its dialogue",
            Self::Findings => "What was odd, by which clause, and where",
        }
    }

    /// The tab that a `?tab=` asks for; an unknown word asks for none.
    pub fn asked(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tab| tab.name() == word)
    }

    /// The tab to show: the one asked for if the message has it, else the best to read of `has`, else its parts.
    pub fn choose(asked: Option<Self>, has: &[Self]) -> Self {
        let there = |tab: &Self| has.contains(tab) || !Self::OPTIONAL.contains(tab);
        let best = || Self::OPTIONAL.iter().copied().find(|tab| has.contains(tab) && *tab != Self::Envelope);
        asked.filter(there).or_else(best).unwrap_or(Self::Parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_that_the_message_lacks_gives_way() {
        let (html, text, both) = (&[Tab::Html][..], &[Tab::Text][..], &[Tab::Html, Tab::Text][..]);
        for (asked, has, tab) in [
            (None, both, Tab::Html),
            (None, text, Tab::Text),
            (None, &[], Tab::Parts),
            (None, &[Tab::Envelope], Tab::Parts),
            (None, &[Tab::Envelope, Tab::Report], Tab::Report),
            (Some(Tab::Text), both, Tab::Text),
            (Some(Tab::Text), html, Tab::Html),
            (Some(Tab::Html), text, Tab::Text),
            (Some(Tab::Text), &[], Tab::Parts),
            (Some(Tab::Event), text, Tab::Text),
            (Some(Tab::Source), both, Tab::Source),
        ] {
            assert_eq!(Tab::choose(asked, has), tab);
        }
        assert_eq!(Tab::asked("envelope"), Some(Tab::Envelope));
        assert_eq!(Tab::asked("<script>"), None);
    }
}
