//! The window: the pages, the API, the live streams.

pub mod page;
