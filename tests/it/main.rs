//! Every integration test of Restante, in one binary.

mod smtp_properties;
mod transcript;
mod transcripts;
