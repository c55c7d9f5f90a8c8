//! A server of the real binary for each test that asks, on free ports, and the two ways to talk to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::Value;

/// A running `restante`. Dropped, it is stopped.
pub struct Server {
    child: Child,
    pub ready: Value,
    log: Arc<Mutex<Vec<u8>>>,
    _dir: tempfile::TempDir,
}

/// Half a minute in all.
const READY_TRIES: usize = 6_000;
const READY_PAUSE: Duration = Duration::from_millis(5);

/// The command, with free ports and a clean environment.
pub fn restante(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restante"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(dir);
    command.args(["--smtp", "0", "--submission", "0", "--smtps", "0", "--http", "0"]);
    command
}

impl Server {
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// One with these arguments beside the free ports.
    pub fn with(args: &[&str]) -> Self {
        Self::own_tls(&[&["--tls-dir", "tls"], args].concat())
    }

    /// One with these arguments, and no CA that is kept.
    pub fn own_tls(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ready.json");
        let mut command = restante(dir.path());
        command.args(["--ready-file", "ready.json"]).args(args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let ready = wait_for(&mut child, &file);
        // Read for ever, lest the pipe fills.
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::<Mutex<Vec<u8>>>::default();
        let kept = log.clone();
        std::thread::spawn(move || {
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
                kept.lock().unwrap().append(&mut line);
            }
        });
        Self { child, ready, log, _dir: dir }
    }

    /// What it has said on standard error since it was ready.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&self.log.lock().unwrap()).into_owned()
    }

    /// The port of the first door with this `tls`.
    pub fn port(&self, tls: &str) -> u16 {
        let doors = self.ready["smtp"].as_array().unwrap();
        let door = doors.iter().find(|door| door["tls"] == tls).unwrap();
        door["port"].as_u64().unwrap() as u16
    }

    pub fn http(&self, path: &str) -> String {
        format!("{}{path}", self.ready["http"].as_str().unwrap())
    }

    pub fn ca(&self) -> PathBuf {
        PathBuf::from(self.ready["ca"].as_str().unwrap())
    }

    pub fn smtp(&self) -> Smtp {
        Smtp::connect(self.port("none"))
    }

    /// A client that has said who it is.
    pub fn smtp_greeted(&self) -> Smtp {
        let mut smtp = self.smtp();
        smtp.say("EHLO app.test", "250");
        smtp
    }

    /// Sends a message and answers its id.
    pub fn send(&self, raw: &[u8]) -> String {
        self.smtp().send("ann@app.test", &["bob@app.test"], raw)
    }

    pub fn get(&self, path: &str) -> Answer {
        request("GET", &self.http(path), &[], None)
    }

    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    pub fn raw(&self, id: &str) -> Vec<u8> {
        let answer = self.get(&format!("/api/v1/message/{id}/raw"));
        assert_eq!(answer.status, 200);
        answer.body
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGTERM and answers the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        signal(self.pid(), "TERM");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Signals a process that a test started, by its id.
pub fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &pid.to_string()]).status().unwrap().success());
}

pub fn wait_for(child: &mut Child, file: &Path) -> Value {
    for _ in 0..READY_TRIES {
        if let Ok(text) = std::fs::read(file) {
            return serde_json::from_slice(&text).expect("the ready file is whole when it is there");
        }
        if let Some(status) = child.try_wait().unwrap() {
            let mut said = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut said);
            panic!("it ended with {status}: {said}");
        }
        std::thread::sleep(READY_PAUSE);
    }
    panic!("it is not ready");
}

static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
});

/// An HTTP answer.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// One request; any status is an answer.
pub fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
    let mut builder = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let request = builder.body(body.unwrap_or_default().to_owned()).unwrap();
    let mut answer = AGENT.run(request).unwrap();
    let body = answer.body_mut().with_config().limit(256 << 20).read_to_vec().unwrap();
    Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
}

/// A client that says what it is told, byte for byte.
pub struct Smtp {
    stream: BufReader<TcpStream>,
}

impl Smtp {
    pub fn connect(port: u16) -> Self {
        let mut smtp = Self::open(port);
        smtp.expect("220");
        smtp
    }

    /// Connected, the greeting not read.
    pub fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    pub fn stream(&self) -> &TcpStream {
        self.stream.get_ref()
    }

    /// One whole reply.
    pub fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let start = reply.len();
            assert_ne!(self.stream.read_line(&mut reply).unwrap(), 0, "closed after {reply:?}");
            if reply.as_bytes().get(start + 3) != Some(&b'-') {
                return reply;
            }
        }
    }

    pub fn expect(&mut self, code: &str) -> String {
        let reply = self.reply();
        assert!(reply.starts_with(code), "expected {code}, got {reply}");
        reply
    }

    pub fn say(&mut self, line: &str, code: &str) -> String {
        self.write(format!("{line}\r\n").as_bytes());
        self.expect(code)
    }

    /// Sends a message as it is, stuffing its dots, and answers its id.
    pub fn send(&mut self, from: &str, to: &[&str], raw: &[u8]) -> String {
        self.say(&format!("MAIL FROM:<{from}> BODY=8BITMIME"), "250");
        for to in to {
            self.say(&format!("RCPT TO:<{to}>"), "250");
        }
        self.say("DATA", "354");
        let mut wire = stuffed(raw);
        wire.extend_from_slice(if raw.is_empty() || raw.ends_with(b"\r\n") { b".\r\n" } else { b"\r\n.\r\n" });
        self.write(&wire);
        queued(&self.expect("250"))
    }
}

/// The id in `250 2.0.0 Ok: queued as ID`.
pub fn queued(reply: &str) -> String {
    reply.trim_end().rsplit(' ').next().unwrap().to_owned()
}

/// RFC 5321 §4.5.2: a dot at the beginning of a line is doubled.
pub fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(raw.len() + 16);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        let after_crlf = wire.is_empty() || wire.ends_with(b"\r\n");
        if line.first() == Some(&b'.') && after_crlf {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
    }
    wire
}

/// The collection of real messages beside the project, where there is one.
pub fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no ../shared/corpus");
    None
}
