//! What the benches share: the real binary on free ports of loopback, and a client that says what it is told.

#![allow(dead_code, unreachable_pub, reason = "each bench takes what it needs")]

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A running `restante`, or what `RESTANTE_BIN` names. Dropped, it is stopped.
pub struct Server {
    pub process: Process,
    pub smtp: SocketAddr,
    pub http: String,
    _folder: tempfile::TempDir,
}

impl Server {
    /// One with these arguments beside the free ports: a plain door and a page.
    pub fn start(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ready = folder.path().join("ready.json");
        let process = Command::new(binary())
            .args(["--smtp", "0", "--submission", "off", "--smtps", "off", "--http", "0", "--ready-file"])
            .arg(&ready)
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Process)
            .expect("the binary");
        let facts = wait_for(&ready).expect("the server is not ready");
        let port = facts["smtp"][0]["port"].as_u64().expect("a port") as u16;
        let http = facts["http"].as_str().expect("an address").to_owned();
        Self { process, smtp: ([127, 0, 0, 1], port).into(), http, _folder: folder }
    }
}

/// A child process, as `/proc` sees it. Dropped, it is killed.
pub struct Process(pub Child);

impl Process {
    /// A line of `/proc/PID/status` that is a size, in bytes: `VmRSS`, or `VmHWM` for the most that it ever was.
    pub fn memory(&self, line: &str) -> Option<u64> {
        let status = std::fs::read_to_string(self.proc("status")).ok()?;
        let size = status.lines().find_map(|said| said.strip_prefix(line)?.strip_prefix(':'))?;
        size.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }

    /// Lets `VmHWM` begin anew at what is resident now.
    pub fn forget_peak(&self) -> io::Result<()> {
        std::fs::write(self.proc("clear_refs"), "5")
    }

    /// What it has used of processors so far, user and system: unlike the clock on the wall, hardly other programs' doing.
    pub fn busy(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(self.proc("stat")).ok()?;
        // proc_pid_stat(5): the name in parentheses may hold anything; utime and stime are the 12th and 13th behind it.
        let fields = stat.rsplit_once(')')?.1.split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.0.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The binary that is measured.
pub fn binary() -> std::ffi::OsString {
    std::env::var_os("RESTANTE_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_restante").into())
}

/// Each connection is an open file, here and in the servers that are started.
pub fn allow_many_files() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Nofile,
        rustix::process::Rlimit { current: limit, maximum: limit },
    );
}

/// What the ready file says; none if half a minute was not enough.
fn wait_for(ready: &Path) -> Option<Value> {
    for _ in 0..3_000 {
        if let Ok(text) = std::fs::read(ready) {
            return Some(serde_json::from_slice(&text).expect("whole"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

/// USER_HZ, a hundred wherever Linux runs.
const TICKS_PER_SECOND: u64 = 100;

/// The body of an answer that is 200.
pub async fn get(url: String) -> Result<Vec<u8>, String> {
    let read = move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(GET_MAX)).build().into();
        let mut answer = agent.get(&url).call()?;
        answer.body_mut().with_config().limit(4 << 30).read_to_vec()
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

const GET_MAX: Duration = Duration::from_secs(300);

/// An SMTP client. Its buffer is small, for there may be ten thousand.
pub struct Client(pub BufReader<TcpStream>);

impl Client {
    /// Connected and greeted.
    pub async fn connect(smtp: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(smtp).await?;
        stream.set_nodelay(true)?;
        let mut client = Self(BufReader::with_capacity(512, stream));
        client.expect("220").await?;
        Ok(client)
    }

    /// The last line of a reply, whatever it says.
    pub async fn reply(&mut self) -> io::Result<String> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line.trim_end().to_owned());
            }
        }
    }

    /// A reply with this code.
    pub async fn expect(&mut self, code: &str) -> io::Result<String> {
        let reply = self.reply().await?;
        if reply.starts_with(code) {
            Ok(reply)
        } else {
            Err(io::Error::other(format!("expected {code}, got {reply:?}")))
        }
    }

    /// Says a line and waits for its reply.
    pub async fn say(&mut self, line: &str, code: &str) -> io::Result<String> {
        self.0.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.expect(code).await
    }

    /// Up to the message, in one packet.
    pub async fn begin(&mut self) -> io::Result<()> {
        self.0.write_all(b"MAIL FROM:<load@app.test>\r\nRCPT TO:<you@app.test>\r\nDATA\r\n").await?;
        for code in ["250", "250", "354"] {
            self.expect(code).await?;
        }
        Ok(())
    }
}

/// The id in `250 2.0.0 Ok: queued as ID`.
pub fn queued(reply: &str) -> String {
    reply.trim_end().rsplit(' ').next().unwrap_or_default().to_owned()
}
