//! Every integration test of Restante, in one binary.
