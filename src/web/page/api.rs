//! The API for people: every operation with what it asks and answers, and the shapes of its JSON.

use askama::Template;

use super::shell::Shell;

/// `{base}api/`
#[derive(Template)]
#[template(path = "api.html")]
pub struct ApiPage {
    /// What stands around it.
    pub shell: Shell,
    /// The address below which every path stands, as the browser sees it, without a slash at its end.
    pub server: String,
    /// What it is, in paragraphs.
    pub about: Vec<Prose>,
    /// Operations that belong together.
    pub chapters: Vec<Chapter>,
    /// The shapes of the JSON, by name.
    pub shapes: Vec<Shape>,
}

/// Operations that belong together.
#[derive(Debug)]
pub struct Chapter {
    /// What it is called.
    pub name: String,
    /// What it is about.
    pub about: Prose,
    /// In the order in which one meets them.
    pub operations: Vec<Operation>,
}

/// A method and a path.
#[derive(Debug)]
pub struct Operation {
    /// Unique in the document, and part of an address.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With `{names}`.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// More of it.
    pub about: Vec<Prose>,
    /// What may stand in its address.
    pub parameters: Vec<Parameter>,
    /// What may be sent.
    pub body: Option<Body>,
    /// What comes back.
    pub answers: Vec<Answer>,
    /// How to ask with curl.
    pub example: String,
}

/// What may stand in an address.
#[derive(Debug)]
pub struct Parameter {
    /// As it is written.
    pub name: String,
    /// Whether it is a piece of the path, and not behind the question mark.
    pub in_path: bool,
    /// Whether it must be there.
    pub required: bool,
    /// What it is.
    pub kind: Kind,
    /// What it means.
    pub about: Prose,
    /// What it is if it is left out; may be empty.
    pub default: String,
}

/// What may be sent.
#[derive(Debug)]
pub struct Body {
    /// Its media type.
    pub media_type: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// What comes back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: String,
    /// When, and what.
    pub about: Prose,
    /// Its media type; empty if nothing is sent.
    pub media_type: String,
    /// What it is.
    pub kind: Kind,
}

/// A shape of the JSON.
#[derive(Debug)]
pub struct Shape {
    /// Unique in the document.
    pub name: String,
    /// What it is.
    pub about: Prose,
    /// What it is, if it is no object.
    pub kind: Kind,
    /// Its members.
    pub members: Vec<Member>,
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    /// To the letter.
    pub name: String,
    /// Whether it is always there.
    pub required: bool,
    /// What it is.
    pub kind: Kind,
    /// What it means.
    pub about: Prose,
    /// One that could be; may be empty.
    pub example: String,
}

/// A sentence with words that are code.
#[derive(Debug, Default)]
pub struct Prose(Vec<(bool, String)>);

/// What a value is: words, and names of shapes.
#[derive(Debug, Default)]
pub struct Kind(pub Vec<Piece>);

/// A piece of what a value is.
#[derive(Debug)]
pub enum Piece {
    /// As it stands.
    Word(String),
    /// The name of a shape.
    Shape(String),
}

impl Prose {
    /// Reads `` `code` `` as Markdown has it.
    pub fn new(text: &str) -> Self {
        let pieces = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
        Self(pieces.map(|(at, piece)| (at % 2 == 1, piece.to_owned())).collect())
    }

    /// Paragraphs.
    pub fn paragraphs(text: &str) -> Vec<Self> {
        text.split("\n\n").filter(|text| !text.trim().is_empty()).map(Self::new).collect()
    }

    /// Each piece, and whether it is code.
    pub fn pieces(&self) -> &[(bool, String)] {
        &self.0
    }
}

impl Kind {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl ApiPage {
    /// What the tab of the browser says.
    pub fn title(&self) -> String {
        format!("{}API · {} · Restante", self.shell.badge(), self.shell.place())
    }
}

impl Answer {
    /// Whether it is what one hopes for.
    pub fn is_good(&self) -> bool {
        self.status.starts_with('2')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        let pieces = |text: &str| Prose::new(text).pieces().to_vec();
        assert_eq!(pieces("plain"), [(false, "plain".into())]);
        assert_eq!(pieces("of `latest`: it"), [(false, "of ".into()), (true, "latest".into()), (false, ": it".into())]);
        assert_eq!(pieces("`ok`"), [(true, "ok".into())]);
        assert!(pieces("").is_empty());
        assert_eq!(Prose::paragraphs("a\n\nb").len(), 2);
    }
}
