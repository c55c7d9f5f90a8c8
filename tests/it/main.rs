//! Every integration test of Restante, in one binary.

mod golden;
mod mean;
