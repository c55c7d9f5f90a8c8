//! The switches above a mail's HTML: how wide its frame is, in which light, with images or without. Each is a link, so
//! that it works without a script; with one it acts at once and is remembered (`message.js`).

/// How the frame is to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How wide.
    pub width: Width,
    /// In which light.
    pub scheme: Scheme,
    /// Without any image, the message's own too.
    pub images_off: bool,
    /// Whether this view may fetch what others keep (`?remote=1`).
    pub remote: bool,
}

/// The width of the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// A small phone.
    Narrow,
    /// A phone.
    Phone,
    /// What mails are mostly made for.
    Mail,
    /// All there is.
    #[default]
    Full,
}

/// The light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Light, whatever the system is set to.
    #[default]
    Light,
    /// Dark, as the mail's author wrote it.
    Dark,
    /// Dark, as clients make it that turn every colour around.
    Forced,
}

impl Width {
    /// Every one, in order.
    pub const ALL: &[Self] = &[Self::Narrow, Self::Phone, Self::Mail, Self::Full];

    /// The word in `?width=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Narrow => "320",
            Self::Phone => "375",
            Self::Mail => "600",
            Self::Full => "full",
        }
    }

    /// The word on the switch.
    pub fn label(self) -> &'static str {
        if self == Self::Full { "Full" } else { self.name() }
    }

    /// What it does.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Narrow => "320 pixels wide, a small phone",
            Self::Phone => "375 pixels wide, a phone",
            Self::Mail => "600 pixels wide, as mails are mostly made",
            Self::Full => "As wide as the pane",
        }
    }
}

impl Scheme {
    /// Every one, in order.
    pub const ALL: &[Self] = &[Self::Light, Self::Dark, Self::Forced];

    /// The word in `?scheme=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Forced => "forced",
        }
    }

    /// The word on the switch.
    pub fn label(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::Forced => "Inverted",
        }
    }

    /// What it does.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Light => "Light, whatever the system is set to",
            Self::Dark => "Dark as the author wrote it: the mail's own rules for dark apply",
            Self::Forced => "Dark as clients force it: colours turned around, images as they are",
        }
    }
}

impl Preview {
    /// Reads what an address says; an unknown word says nothing.
    pub fn asked(width: Option<&str>, scheme: Option<&str>, images: Option<&str>, remote: Option<&str>) -> Self {
        Self {
            width: Width::ALL.iter().copied().find(|one| Some(one.name()) == width).unwrap_or_default(),
            scheme: Scheme::ALL.iter().copied().find(|one| Some(one.name()) == scheme).unwrap_or_default(),
            images_off: images == Some("0"),
            remote: remote == Some("1"),
        }
    }

    /// With another width.
    pub fn with_width(self, width: &Width) -> Self {
        Self { width: *width, ..self }
    }

    /// In another light.
    pub fn with_scheme(self, scheme: &Scheme) -> Self {
        Self { scheme: *scheme, ..self }
    }

    /// With images, or without.
    pub fn with_images_turned(self) -> Self {
        Self { images_off: !self.images_off, ..self }
    }

    /// With remote content, or without.
    pub fn with_remote_turned(self) -> Self {
        Self { remote: !self.remote, ..self }
    }

    /// What it adds to the address of the page, each with its `&`.
    pub fn tail(self) -> String {
        let width =
            if self.width == Width::default() { String::new() } else { format!("&width={}", self.width.name()) };
        let scheme =
            if self.scheme == Scheme::default() { String::new() } else { format!("&scheme={}", self.scheme.name()) };
        format!("{width}{scheme}{}", self.fetching())
    }

    /// What it adds to the address of the frame: all but the width, and dark, which is the frame's own affair.
    pub fn frame_query(self) -> String {
        let forced = if self.scheme == Scheme::Forced { "&scheme=forced" } else { "" };
        let all = format!("{forced}{}", self.fetching());
        if all.is_empty() { all } else { format!("?{}", &all[1..]) }
    }

    fn fetching(self) -> String {
        let images = if self.images_off { "&images=0" } else { "" };
        let remote = if self.remote { "&remote=1" } else { "" };
        format!("{images}{remote}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_makes_the_round_trip() {
        for width in Width::ALL.iter().copied() {
            for scheme in Scheme::ALL.iter().copied() {
                for (images_off, remote) in [(false, false), (true, false), (false, true), (true, true)] {
                    let preview = Preview { width, scheme, images_off, remote };
                    let tail = preview.tail();
                    let said = |name: &str| tail.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
                    assert_eq!(Preview::asked(said("width"), said("scheme"), said("images"), said("remote")), preview);
                }
            }
        }
        assert_eq!(Preview::asked(Some("\"><x>"), Some("Dark"), Some("1"), Some("yes")), Preview::default());
        assert_eq!((Preview::default().tail(), Preview::default().frame_query()), Default::default());
    }

    #[test]
    fn the_frame_is_asked_for_anew_only_where_it_must_be() {
        let preview = Preview { width: Width::Phone, scheme: Scheme::Dark, ..Preview::default() };
        assert_eq!(preview.frame_query(), "");
        assert_eq!(
            Preview { scheme: Scheme::Forced, remote: true, ..preview }.frame_query(),
            "?scheme=forced&remote=1"
        );
    }
}
