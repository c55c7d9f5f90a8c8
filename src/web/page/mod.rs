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
//! | [`CountedFragment`](side::CountedFragment) | `counted.html` | `{base}side`: the counts beside every page |
//! | [`CompleteFragment`](complete::CompleteFragment) | `complete.html` | `{base}complete?q=…&at=…`, `at` in units of UTF-16: what may stand at the cursor of the search box |
//! | [`SessionRowFragment`] | `session_row.html` | the `session` event of `{base}live?sessions=1` |
//! | [`SetupPage`] | `setup.html` | `{base}setup` |
//! | [`ApiPage`] | `api.html` | `{base}api/`: the OpenAPI document for people |
//! | [`SessionsPage`] | `sessions.html` | `{base}sessions`, with `?show=…`, `?before=…` or `?number=…` |
//! | [`ErrorPage`] | `error.html` | any refusal that a browser sees |
//!
//! The script takes the elements that it needs out of what it gets, so that a whole page would do as well.
//!
//! The page's policy allows no inline script and no inline style: `default-src 'none'; script-src 'self'; style-src
//! 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'`.
//!
//! # What the forms send
//! Each is a POST of `application/x-www-form-urlencoded`, answered by a 303. `id` may be repeated. `all=1` instead means all
//! of the mount, with a non-empty `q` all that the search finds.
//!
//! | address | fields | leads to | tells the script |
//! |---|---|---|---|
//! | `{base}delete` | `id`…, or `all=1`, which spares what is kept; `q` | `{base}?q=…&undo=BATCH` | `{"count":3,"batch":"…","spared":1}` |
//! | `{base}restore` | `batch`; `q` | `{base}?q=…` | `{"count":3}`; 0 is too late |
//! | `{base}mark` | `id`…, or `all=1`; `q`; `read=1` or `read=0`; perhaps `open` | `{base}message/{open}`, else `{base}?q=…` | `{"count":1}` |
//! | `{base}keep` | `id`…, or `all=1`; `q`; `keep=1` or `keep=0`; perhaps `open` | the same | `{"count":1}`; 409 if it is too much |
//! | `{base}tag` | `id`…, or `all=1`; `q`; `add`…, `remove`…; perhaps `open` | the same | `{"count":1}`; 400 for what cannot be a tag |
//! | `{base}download` | `format=mbox` or `format=zip`; `id`…, or `all=1`; `q` | a file, and nothing changes; a GET takes the same | |
//! | `{base}test-message` | perhaps `kind`: `html`, `plain`, `attachment` or `hostile` | `{base}` | |
//!
//! The script sends `X-Fragment: act` with all but the last, and is answered by 200 and that JSON. A refusal is
//! `application/problem+json` for it, with a sentence in `detail`, and a page for everybody else.
//!
//! # What follows the address of the list
//! | words | what is shown |
//! |---|---|
//! | `q=SEARCH` | what the search finds |
//! | `before=CURSOR` | rows below that one |
//! | `thread=ID` | the conversation of that message; `q` is only kept for the way back |
//! | `sessions=1` | connections without a message too, if there is no search |

pub mod api;
pub mod body;
pub mod complete;
pub mod error;
pub mod escape;
pub mod found;
pub mod header;
pub mod list;
pub mod live;
pub mod marked;
pub mod message;
pub mod part;
pub mod preview;
pub mod sessions;
pub mod setup;
pub mod shell;
pub mod side;
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

pub use api::ApiPage;
pub use error::ErrorPage;
pub use list::{Entry, ListPage, PaneFragment, RowFragment, RowsFragment, SessionRowFragment, Undo, row_fragment};
pub use message::{Message, Pane, Tab};
pub use sessions::SessionsPage;
pub use setup::{Setup, SetupPage};
pub use view::Row;
