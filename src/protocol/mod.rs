//! Protocol cores without I/O: bytes in, actions out. No socket, clock, task or log on this floor.

pub mod smtp;
