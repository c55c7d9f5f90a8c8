//! Every integration test of Restante, in one binary.

mod smtp_driver;
mod smtp_mailin;
mod smtp_properties;
mod transcript;
mod transcripts;
