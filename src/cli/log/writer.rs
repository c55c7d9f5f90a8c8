//! Writes lines from a thread of its own, all that are there in one go.
//!
//! Whoever reads them slowly, a terminal or a pipe that is full, must not keep a client waiting for its 250: what does not
//! fit the queue is left out, and it is said how much.

use std::io::{self, Write};
use std::mem::take;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Lines on their way to an output. Dropped, it waits a moment for what is left.
pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

/// Where lines are put down.
#[derive(Clone)]
pub(super) struct Pen(Arc<Queue>);

struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    complaint: Complaint,
}

/// The line that says how many were left out.
pub(super) type Complaint = fn(usize) -> String;

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Lines that did not fit since the last that did.
    left_out: usize,
    state: State,
}

#[derive(Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// No line will come; what is there is to be written.
    Closing,
    /// All is written.
    Done,
}

/// What may wait to be written.
const QUEUE_BYTES_MAX: usize = 1 << 20;
/// More than this is not kept for the next lines.
const QUEUE_BYTES_KEPT: usize = 64 << 10;
/// In a burst, lines are written so often. The first one after a pause is at once.
const PAUSE: Duration = Duration::from_millis(10);
/// What is left gets so long at the end.
const PATIENCE: Duration = Duration::from_millis(500);

impl Writer {
    /// One that writes to `output`, and where its lines are put down. Without a thread to be had nothing is written.
    pub(super) fn to(output: impl Write + Send + 'static, complaint: Complaint) -> (Self, Pen) {
        let queue = Arc::new(Queue { waiting: Mutex::default(), changed: Condvar::new(), complaint });
        let pen = Pen(queue.clone());
        let write = {
            let queue = queue.clone();
            move || queue.write_to(output)
        };
        let thread = std::thread::Builder::new().name("log".into()).spawn(write).ok();
        (Self { queue, thread }, pen)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let mut waiting = self.queue.lock();
        waiting.state = State::Closing;
        self.queue.changed.notify_all();
        if self.thread.is_none() {
            return;
        }
        // Not joined: it may be in the middle of a write that never ends.
        let left = |waiting: &mut Waiting| waiting.state != State::Done;
        drop(self.queue.changed.wait_timeout_while(waiting, PATIENCE, left));
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, line: &[u8]) {
        let mut waiting = self.lock();
        if waiting.lines.len() + line.len() > QUEUE_BYTES_MAX {
            waiting.left_out += 1;
            return;
        }
        let was_empty = waiting.lines.is_empty();
        let left_out = take(&mut waiting.left_out);
        if left_out > 0 {
            waiting.lines.extend_from_slice((self.complaint)(left_out).as_bytes());
            waiting.lines.push(b'\n');
        }
        waiting.lines.extend_from_slice(line);
        if was_empty {
            self.changed.notify_one();
        }
    }

    fn write_to(&self, mut output: impl Write) {
        let mut lines = Vec::new();
        loop {
            {
                let idle = |waiting: &mut Waiting| waiting.lines.is_empty() && waiting.state == State::Open;
                let waiting = self.changed.wait_while(self.lock(), idle);
                let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
                if waiting.lines.is_empty() {
                    waiting.state = State::Done;
                    self.changed.notify_all();
                    return;
                }
                std::mem::swap(&mut waiting.lines, &mut lines);
            }
            // Nobody is left to be told that nobody listens.
            let _ = output.write_all(&lines).and_then(|()| output.flush());
            lines.clear();
            lines.shrink_to(QUEUE_BYTES_KEPT);
            let waiting = self.lock();
            if waiting.state == State::Open {
                drop(self.changed.wait_timeout_while(waiting, PAUSE, |waiting| waiting.state == State::Open));
            }
        }
    }
}

/// A line is one write.
impl Write for Pen {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    /// An output that takes nothing until it is told to.
    struct Gate(Receiver<()>, SyncSender<Vec<u8>>);

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_written_in_order_before_it_ends() {
        let (sender, written) = sync_channel(1000);
        let (open, gate) = sync_channel(1000);
        let (writer, mut pen) = Writer::to(Gate(gate, sender), |count| format!("{count} left out"));
        drop(open);
        let lines: Vec<_> = (0..500).map(|number| format!("line {number}\n")).collect();
        lines.iter().for_each(|line| pen.write_all(line.as_bytes()).unwrap());
        drop(writer);
        assert_eq!(String::from_utf8(written.try_iter().flatten().collect()).unwrap(), lines.concat());
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_counted() {
        let (sender, written) = sync_channel(1000);
        let (open, gate) = sync_channel(1000);
        let (writer, mut pen) = Writer::to(Gate(gate, sender), |count| format!("{count} left out"));
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        // The first may be on its way already; a queue, and some more.
        for _ in 0..3 * QUEUE_BYTES_MAX / line.len() {
            pen.write_all(&line).unwrap();
        }
        drop(open);
        while !pen.0.lock().lines.is_empty() {
            std::thread::yield_now();
        }
        pen.write_all(b"the last\n").unwrap();
        drop(writer);
        let all = String::from_utf8(written.try_iter().flatten().collect()).unwrap();
        assert!(all.len() < 3 * QUEUE_BYTES_MAX);
        let kept = all.lines().filter(|line| line.starts_with('x')).count();
        let said = format!("{} left out\nthe last\n", 3 * QUEUE_BYTES_MAX / line.len() - kept);
        assert!(all.ends_with(&said), "{said}");
    }
}
