//! What may stand at the cursor of the search box, as a list to choose from.

use askama::Template;

/// The entries of the list: `{base}complete?q=…&at=…`.
#[derive(Debug, Default, Template)]
#[template(path = "complete.html")]
pub struct CompleteFragment {
    /// The ways to go on.
    pub options: Vec<CompleteOption>,
    /// Why what was typed cannot be read, as a sentence.
    pub wrong: Option<String>,
}

/// One way to go on.
#[derive(Clone, Debug, Default)]
pub struct CompleteOption {
    /// The whole search, once it is taken.
    pub text: String,
    /// Where the cursor is then, as the browser counts: in units of UTF-16.
    pub at: usize,
    /// What is put in.
    pub shown: String,
    /// What that finds.
    pub meaning: String,
}
