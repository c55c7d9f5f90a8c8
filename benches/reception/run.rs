//! A load against an address, by one thread: sockets that never block, and a clock around it all.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use tokio::time::Instant;

use crate::client::{Client, Observer};
use crate::letter::Letters;
use crate::load::Load;

/// What a load took.
pub struct Outcome {
    pub messages: usize,
    pub octets: u64,
    pub elapsed: Duration,
    /// Of it, the processor time of this thread.
    pub own: Duration,
    /// From the written dot to the 250 that answers it, sorted.
    latencies: Vec<Duration>,
}

/// Sends all of it. The first wrong reply, a connection that ends early or a silence is the end.
pub fn run(target: SocketAddr, load: &Load, letters: &Letters) -> Result<Outcome, String> {
    let mut generator = Generator {
        target,
        letters,
        poll: Poll::new().map_err(|error| error.to_string())?,
        slots: Vec::with_capacity(load.connections),
        begun: 0,
        messages: load.messages,
        // As many connections as were asked for, also when there are few messages.
        per_connection: load.per_connection.min(load.messages.div_ceil(load.connections)),
        acknowledged: Acknowledged(Vec::with_capacity(load.messages)),
    };
    let (own, begins) = (own_time(), Instant::now());
    generator.go(load.connections)?;
    let elapsed = begins.elapsed();
    let own = own_time().saturating_sub(own);
    let mut latencies = generator.acknowledged.0;
    if latencies.len() != load.messages {
        return Err(format!("{} of {} messages were acknowledged", latencies.len(), load.messages));
    }
    latencies.sort_unstable();
    let octets = load.messages as u64 * letters.octets as u64;
    Ok(Outcome { messages: load.messages, octets, elapsed, own, latencies })
}

struct Generator<'a> {
    target: SocketAddr,
    letters: &'a Letters,
    poll: Poll,
    /// The connections, each at the place that its token says.
    slots: Vec<Option<(TcpStream, Client<'a>)>>,
    /// How many messages have a connection that sends or has sent them.
    begun: usize,
    messages: usize,
    per_connection: usize,
    acknowledged: Acknowledged,
}

struct Acknowledged(Vec<Duration>);

impl Observer for Acknowledged {
    fn acknowledged(&mut self, after: Duration) {
        self.0.push(after);
    }
}

/// Whether a connection goes on.
enum Going {
    On,
    Over,
}

impl Generator<'_> {
    fn go(&mut self, connections: usize) -> Result<(), String> {
        let mut events = Events::with_capacity(1_024);
        let mut buffer = vec![0; 64 << 10];
        let mut open = 0;
        while open > 0 || self.begun < self.messages {
            // Not all at once, for a full backlog would be answered by a second of silence.
            for _ in 0..OPENED_AT_ONCE {
                if self.slots.len() == connections || self.begun == self.messages {
                    break;
                }
                self.slots.push(None);
                self.connect(self.slots.len() - 1)?;
                open += 1;
            }
            self.poll.poll(&mut events, Some(SILENCE_MAX)).map_err(|error| error.to_string())?;
            if events.is_empty() {
                return Err(format!("nothing was said for {SILENCE_MAX:?}"));
            }
            for event in &events {
                let slot = event.token().0;
                if let Going::Over = self.ready(slot, event, &mut buffer)? {
                    self.slots[slot] = None;
                    if self.begun < self.messages {
                        self.connect(slot)?;
                    } else {
                        open -= 1;
                    }
                }
            }
        }
        Ok(())
    }

    fn connect(&mut self, slot: usize) -> Result<(), String> {
        let left = self.per_connection.min(self.messages - self.begun);
        let open = || -> std::io::Result<TcpStream> {
            let mut stream = TcpStream::connect(self.target)?;
            stream.set_nodelay(true)?;
            self.poll.registry().register(&mut stream, Token(slot), Interest::READABLE | Interest::WRITABLE)?;
            Ok(stream)
        };
        let stream = open().map_err(|error| format!("{}: {error}", self.target))?;
        self.slots[slot] = Some((stream, Client::new(self.letters, self.begun, left)));
        self.begun += left;
        Ok(())
    }

    /// Reads what is there and writes what that asks for; a read and a write for each message.
    fn ready(&mut self, slot: usize, event: &Event, buffer: &mut [u8]) -> Result<Going, String> {
        let Some((stream, client)) = &mut self.slots[slot] else { return Ok(Going::On) };
        write(stream, client)?;
        let mut readable = event.is_readable() || event.is_read_closed() || event.is_error();
        while readable {
            match stream.read(buffer) {
                Ok(0) if client.is_over() => return Ok(Going::Over),
                Ok(0) => return Err("it closed a connection before it was asked to".to_owned()),
                Ok(octets) => {
                    client.read(&buffer[..octets], Instant::now(), &mut self.acknowledged)?;
                    write(stream, client)?;
                    // epoll(7): who gave less than was asked for has no more, and says when that changes; unless its end
                    // stands behind it already.
                    readable = octets == buffer.len() || event.is_read_closed() || client.is_over();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => readable = false,
                Err(_) if client.is_over() => return Ok(Going::Over),
                Err(error) => return Err(format!("while it was listened to: {error}")),
            }
        }
        Ok(Going::On)
    }
}

/// As much as the kernel takes.
fn write(stream: &mut TcpStream, client: &mut Client) -> Result<(), String> {
    while !client.unsent().is_empty() {
        match stream.write(client.unsent()) {
            Ok(octets) => client.wrote(octets, Instant::now()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(format!("while it was sent to: {error}")),
        }
    }
    Ok(())
}

const OPENED_AT_ONCE: usize = 64;
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Processor time of this thread so far, in nanoseconds by the kernel.
fn own_time() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0))
}

impl Outcome {
    /// Messages a second.
    pub fn rate(&self) -> f64 {
        self.messages as f64 / self.elapsed.as_secs_f64()
    }

    /// Octets a second.
    pub fn throughput(&self) -> f64 {
        self.octets as f64 / self.elapsed.as_secs_f64()
    }

    /// How much of one processor the client itself took. Near 1 it is the client that was measured.
    pub fn own_share(&self) -> f64 {
        self.own.as_secs_f64() / self.elapsed.as_secs_f64()
    }

    /// The latency that this part of all messages did not exceed.
    pub fn latency(&self, part: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get((last as f64 * part) as usize).copied().unwrap_or_default()
    }
}
