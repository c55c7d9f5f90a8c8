//! How much is sent, and by how many. Every load is a number of messages, and over when they are sent.

/// So many messages over so many connections.
#[derive(Clone, Debug)]
pub struct Load {
    /// Of one message on the wire, without its final dot.
    pub octets: usize,
    pub messages: usize,
    /// At once; one that has ended is followed by another until all messages are sent.
    pub connections: usize,
    pub per_connection: usize,
}

/// One message a connection: what a connection costs.
pub const ONE: Load = Load { octets: 1_000, messages: 5_000, connections: 10, per_connection: 1 };

/// A hundred a connection: what a message costs.
pub const HUNDRED: Load = Load { octets: 1_000, messages: 40_000, connections: 10, per_connection: 100 };

/// What an octet costs.
pub const LARGE: Load = Load { octets: 10_000_000, messages: 40, connections: 4, per_connection: 10 };

/// What is kept for the figure of memory.
pub const KEPT: Load = Load { octets: 10_000, messages: 5_000, connections: 10, per_connection: 100 };

/// As [`HUNDRED`], over so many connections: none of them sends less.
pub fn growth(connections: usize) -> Load {
    Load { messages: (connections * 100).max(20_000), connections, ..HUNDRED }
}

/// From one connection to as many as a busy test suite has.
pub const GROWTH: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { octets, messages, connections, per_connection } = self;
        let size = if *octets < 1_000_000 {
            format!("{} kB", *octets as f64 / 1e3)
        } else {
            format!("{} MB", *octets as f64 / 1e6)
        };
        let plural = if *connections == 1 { "" } else { "s" };
        write!(f, "{messages} × {size}, {per_connection} a connection, {connections} connection{plural} at a time")
    }
}
