//! One input into one fresh server: what it answers, how long it takes, and how much memory it takes at most.

use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::input::Input;
use crate::support::{Client, Server, get, queued};

/// What an input costs.
#[derive(Clone)]
pub struct Measured {
    pub bytes: u64,
    /// What it is answered, without what differs each time.
    pub answer: String,
    /// From the first byte to the answer.
    pub arrival: Duration,
    /// All pages and answers of the API that show it; none if nothing was kept.
    pub reading: Option<Reading>,
    /// Resident memory while it came in, above what was there before.
    pub peak: u64,
    /// Seconds of processors that the server used for all of it.
    pub busy: Duration,
}

/// What it costs to look at a message everywhere.
#[derive(Clone)]
pub struct Reading {
    pub pages: usize,
    pub whole: Duration,
    pub slowest: (String, Duration),
    /// As for [`Measured::peak`], the message itself included.
    pub peak: u64,
}

/// No input may take longer than this.
const INPUT_MAX: Duration = Duration::from_secs(120);

/// Sends it, and looks at what came of it.
pub async fn run(input: &Input) -> Result<Measured, String> {
    let server = Server::start(&[]);
    let other = Client::connect(server.smtp).await.map_err(|error| error.to_string())?;
    warm_up(&server).await?;
    let rest = resident(&server, "VmRSS")?;
    let busy = server.process.busy().unwrap_or_default();
    server.process.forget_peak().map_err(|error| format!("no peak without /proc: {error}"))?;
    let begun = Instant::now();
    let answers = timeout(INPUT_MAX, send(&server, input)).await.map_err(|_| "no answer in time")?;
    let arrival = begun.elapsed();
    let answers = answers.map_err(|error| error.to_string())?;
    let peak = resident(&server, "VmHWM")?.saturating_sub(rest);
    let ids: Vec<String> =
        answers.iter().filter(|answer| answer.contains("queued as")).map(|kept| queued(kept)).collect();
    let reading = match ids.last() {
        Some(id) => Some(read(&server, id, rest).await?),
        None => None,
    };
    // Who was there before is still served.
    let mut other = other;
    other.say("NOOP", "250").await.map_err(|error| format!("another client: {error}"))?;
    let answer = answers.last().ok_or("no answer")?;
    let answer = answer.split(" Ok: queued").next().unwrap_or_default().to_owned();
    let busy = server.process.busy().unwrap_or_default().saturating_sub(busy);
    Ok(Measured { bytes: input.bytes(), answer, arrival, reading, peak, busy })
}

/// What a server does once is not the input's doing.
async fn warm_up(server: &Server) -> Result<(), String> {
    let raw = b"Subject: first\r\n\r\nhttp://a.test\r\n".to_vec();
    let answers = send(server, &Input::Mail(raw, 1)).await.map_err(|error| error.to_string())?;
    read(server, &queued(answers.last().ok_or("no answer")?), 0).await.map(drop)
}

fn resident(server: &Server, line: &str) -> Result<u64, String> {
    server.process.memory(line).ok_or_else(|| "the server is gone".to_owned())
}

/// Sends an input by as many clients as it wants. Each must be served after it.
async fn send(server: &Server, input: &Input) -> io::Result<Vec<String>> {
    if let Input::Json(body) = input {
        return Ok(vec![put(server, body).await?]);
    }
    let Input::Mail(raw, at_once) = input else {
        return Ok(vec![speak(Client::connect(server.smtp).await?, input).await?]);
    };
    let mut clients = JoinSet::new();
    for _ in 0..*at_once {
        let (smtp, raw) = (server.smtp, raw.clone());
        clients.spawn(async move { speak(Client::connect(smtp).await?, &Input::Mail(raw, 1)).await });
    }
    let mut answers = Vec::new();
    while let Some(answer) = clients.join_next().await {
        answers.push(answer.map_err(io::Error::other)??);
    }
    Ok(answers)
}

/// One client's part of it: the answer, and a command behind it that shows that both are still in step.
async fn speak(mut client: Client, input: &Input) -> io::Result<String> {
    match input {
        Input::Mail(raw, _) => {
            client.begin().await?;
            client.0.write_all(raw).await?;
            client.0.write_all(b"\r\n.\r\n").await?;
        }
        Input::Recipients(count) => {
            client.say("MAIL FROM:<a@app.test>", "250").await?;
            for batch in (0..*count).collect::<Vec<_>>().chunks(500) {
                let lines: String =
                    batch.iter().map(|number| format!("RCPT TO:<recipient-{number:05}@app.test>\r\n")).collect();
                client.0.write_all(lines.as_bytes()).await?;
                for _ in batch {
                    client.expect("250").await?;
                }
            }
            client.say("DATA", "354").await?;
            client.0.write_all(b"Subject: many\r\n\r\nx\r\n.\r\n").await?;
        }
        Input::Stream { after, begins, again, bytes, ends } => {
            for (command, code) in *after {
                client.say(command, code).await?;
            }
            client.0.write_all(begins.as_bytes()).await?;
            let mut left = *bytes;
            while left > 0 {
                let piece = &again[..again.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
                client.0.write_all(piece).await?;
                left -= piece.len() as u64;
            }
            client.0.write_all(ends.as_bytes()).await?;
        }
        Input::Json(_) => {}
    }
    let answer = client.reply().await?;
    client.say("NOOP", "250").await?;
    Ok(answer)
}

/// The status of a PUT, as the client that sends all before it listens sees it.
async fn put(server: &Server, body: &[u8]) -> io::Result<String> {
    let (url, body) = (format!("{}/api/v1/messages", server.http), body.to_vec());
    let asked = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(INPUT_MAX)).build().into();
        agent.put(&url).content_type("application/json").send(&body[..]).map(|answer| answer.status().to_string())
    });
    asked.await.map_err(io::Error::other)?.map_err(io::Error::other)
}

/// Opens the list, every tab and the API; of the API's list, what is asked for with each page.
async fn read(server: &Server, id: &str, rest: u64) -> Result<Reading, String> {
    let mut pages = vec!["/".to_owned(), "/sessions".to_owned(), format!("/message/{id}/html")];
    let tabs = ["html", "text", "event", "report", "amp", "headers", "parts", "source", "envelope"];
    pages.extend(tabs.map(|tab| format!("/message/{id}?tab={tab}")));
    pages.push("/api/v1/messages".to_owned());
    pages.push("/api/v1/search?query=dog".to_owned());
    pages.extend(["", "/headers", "/raw", "/part/1", "/part/0"].map(|piece| format!("/api/v1/message/{id}{piece}")));
    pages.push(format!("/message/{id}/in/1"));
    let mut reading = Reading { pages: 0, whole: Duration::ZERO, slowest: (String::new(), Duration::ZERO), peak: 0 };
    for page in pages {
        let begun = Instant::now();
        let answer = get(format!("{}{page}", server.http)).await;
        let took = begun.elapsed();
        match answer {
            // Not every message has HTML, a first part or a message in it.
            Err(fault) if fault.contains("404") => continue,
            Err(fault) => return Err(format!("{page}: {fault}")),
            Ok(body) if page.starts_with("/api") && !page.contains("/part/") && !page.ends_with("/raw") => {
                serde_json::from_slice::<Value>(&body).map_err(|fault| format!("{page}: {fault}"))?;
            }
            Ok(_) => {}
        }
        reading.pages += 1;
        reading.whole += took;
        if took > reading.slowest.1 {
            reading.slowest = (page.replace(id, "ID"), took);
        }
    }
    reading.peak = resident(server, "VmHWM")?.saturating_sub(rest);
    Ok(reading)
}
