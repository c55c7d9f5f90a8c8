//! The pages: what stands in the browser's window, a page per file, a template per struct.
//!
//! Pure: a struct of plain values in, a `String` out (`askama::Template::render`). No store, no request, no clock. The
//! templates in `templates/` have the names of the structs here.
//!
//! | struct | template | where |
//! |---|---|---|
//! | [`ListPage`] | `list.html` | `{base}`, `{base}message/{id}`: the same page, with or without a message |
//! | [`PaneFragment`] | `pane.html` | the same addresses, for a request with `X-Fragment: pane`: only what lies right of the list |
//! | [`RowsFragment`] | `rows.html` | `{base}?before=…` with `X-Fragment: rows`: only the rows, for scrolling |
//! | [`RowFragment`] | `row.html` | the `row` event of `{base}live` |
//! | [`SetupPage`] | `setup.html` | `{base}setup` |
//! | [`SessionsPage`] | `sessions.html` | `{base}sessions`, with `?show=…`, `?before=…` or `?number=…` |
//! | [`ErrorPage`] | `error.html` | any refusal that a browser sees |
//!
//! Both fragments are optional for the server: the script takes the same elements out of the whole page.
//!
//! The page's policy allows no inline script and no inline style: `default-src 'none'; script-src 'self'; style-src
//! 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'`.
//!
//! # What the forms send
//! Each is a POST of `application/x-www-form-urlencoded`, answered by a 303. `id` may be repeated.
//!
//! | address | fields | leads to |
//! |---|---|---|
//! | `{base}delete` | `id`…, or `all=1`; `q` | `{base}?q=…`. With `all` and a non-empty `q`: what the search finds |
//! | `{base}mark` | `id`…, or `all=1`; `q`; `read=1` or `read=0`; perhaps `open` | `{base}message/{open}`, else `{base}?q=…` |
//! | `{base}test-message` | perhaps `kind`: `html`, `plain`, `attachment` or `hostile` | `{base}` |

pub mod body;
pub mod error;
pub mod escape;
pub mod found;
pub mod header;
pub mod list;
pub mod live;
pub mod message;
pub mod part;
pub mod preview;
pub mod sessions;
pub mod setup;
pub mod snippet;
pub mod source;
pub mod tab;
pub mod text;
pub mod tracking;
pub mod view;
pub mod weight;
pub mod words;

#[cfg(test)]
mod tests;

pub use error::ErrorPage;
pub use list::{ListPage, PaneFragment, RowFragment, RowsFragment, row_fragment};
pub use message::{Message, Pane, Tab};
pub use sessions::SessionsPage;
pub use setup::{Setup, SetupPage};
