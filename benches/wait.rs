//! How long after the `250` of its message a held wait is answered: `cargo bench --bench wait`, or `./test wait_time`.
//!
//! One client sends, one holds a question over HTTP, both on loopback and with their connections open. The reference, in the
//! same run and on the same connections, is what an exchange costs that waits for nothing: a question that is answered by
//! what is there. `RESTANTE_BIN` names the binary.

mod support;

use std::io;
use std::time::Duration;

use support::{Client, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// Messages that are timed, after [`WARM_UP`] that are not.
const ROUNDS: usize = 2_000;
const WARM_UP: usize = 200;
/// Until a question that was sent is held, for certain.
const HELD_AFTER: Duration = Duration::from_millis(2);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    match runtime.block_on(run()) {
        Ok(report) => println!("{report}"),
        Err(fault) => {
            eprintln!("FAILED: {fault}");
            std::process::exit(1);
        }
    }
}

async fn run() -> io::Result<String> {
    let server = Server::start(&["--max-messages", "100000"]);
    let mut smtp = Client::connect(server.smtp).await?;
    smtp.say("EHLO bench", "250").await?;
    let mut http = Http::connect(&server.http).await?;
    let (mut held, mut there) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + ROUNDS {
        // Held before its message comes: the time is from the reading of the 250 to the reading of the answer, which may have
        // come before.
        let subject = format!("round {round}.");
        http.ask(&format!("/api/v1/wait?subject=round%20{round}.&timeout=60s")).await?;
        sleep(HELD_AFTER).await;
        smtp.say("MAIL FROM:<a@app.test>", "250").await?;
        smtp.say("RCPT TO:<b@app.test>", "250").await?;
        smtp.say("DATA", "354").await?;
        let body = format!("From: a@app.test\r\nTo: b@app.test\r\nSubject: {subject}\r\n\r\nGood day.\r\n.\r\n");
        smtp.0.write_all(body.as_bytes()).await?;
        let answer = async {
            http.answer(&subject).await?;
            io::Result::Ok(Instant::now())
        };
        let kept = async {
            smtp.expect("250").await?;
            io::Result::Ok(Instant::now())
        };
        let (answered, kept) = tokio::try_join!(answer, kept)?;
        let late = answered.saturating_duration_since(kept);
        let asked = Instant::now();
        http.ask("/api/v1/message/latest/headers").await?;
        http.answer(&subject).await?;
        if round >= WARM_UP {
            held.push(late);
            there.push(asked.elapsed());
        }
    }
    let (held, there) = (Spread::of(held), Spread::of(there));
    let ratio = held.median.as_secs_f64() / there.median.as_secs_f64();
    Ok(format!(
        "an answer after its 250, of {ROUNDS}: {held}\nan exchange that waits for nothing:  {there}\nratio of the medians: {ratio:.2}"
    ))
}

struct Spread {
    median: Duration,
    nine_in_ten: Duration,
    most: Duration,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        Self { median: at(0.5), nine_in_ten: at(0.9), most: at(1.0) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { median, nine_in_ten, most } = self;
        write!(f, "{median:.0?} median, {nine_in_ten:.0?} at 90 %, {most:.0?} at most")
    }
}

/// A connection of HTTP/1.1 that stays open: a client that connects anew would time that.
struct Http(BufReader<TcpStream>);

impl Http {
    async fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address.trim_start_matches("http://")).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    async fn ask(&mut self, path: &str) -> io::Result<()> {
        self.0.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).await
    }

    /// Reads an answer that is 200 and has these words.
    async fn answer(&mut self, words: &str) -> io::Result<()> {
        let mut answer = Vec::new();
        let (head, length) = loop {
            if self.0.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
            break (end + 4, length.ok_or_else(|| io::Error::other("no length"))?);
        };
        while answer.len() < head + length {
            if self.0.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let text = String::from_utf8_lossy(&answer);
        match text.starts_with("HTTP/1.1 200") && text.contains(words) {
            true => Ok(()),
            false => Err(io::Error::other(text.into_owned())),
        }
    }
}
