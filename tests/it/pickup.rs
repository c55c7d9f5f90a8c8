//! Mail that comes as files: what Rails, Django, .NET, a Maildir and a person write into a pickup folder.
//!
//! Nothing here waits a while to see whether something happens: what must not have happened is asked for when something that
//! began later has.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Server, restante};

/// A folder of files, and the server that takes them in.
struct Post {
    server: Server,
    dir: tempfile::TempDir,
}

impl Post {
    /// One whose folder holds these files from the start.
    fn with(files: &[(&str, &[u8])], args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let args = [&["--pickup", dir.path().to_str().unwrap()], args].concat();
        Self { server: Server::with(&args), dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn append(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let mut file = OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(bytes.as_ref()).unwrap();
    }

    /// The message with this subject, once it is there, and its bytes.
    fn arrived(&self, subject: &str) -> (Value, Vec<u8>) {
        let message = self.server.json(&format!("/api/v1/wait?query=subject:{subject}&timeout=60s"));
        let raw = self.server.raw(message["ID"].as_str().unwrap());
        (message, raw)
    }

    /// A file that comes last has come: whatever could be taken before it has been.
    fn all_taken(&self, name: &str) {
        self.write(&format!("{name}.eml"), letter(name));
        self.arrived(name);
    }

    /// The subjects of all messages, sorted.
    fn subjects(&self) -> Vec<String> {
        let list = self.server.json("/api/v1/messages");
        let mut all: Vec<String> =
            list["messages"].as_array().unwrap().iter().map(|row| row["Subject"].as_str().unwrap().into()).collect();
        all.sort();
        all
    }

    /// The troubles that the session log has, with their files.
    fn troubles(&self) -> Vec<(String, String)> {
        let sessions = self.server.json("/api/v1/sessions");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = sessions["Sessions"].as_array().unwrap().iter();
        all.filter(|one| one["Door"] == "pickup").map(|one| (text(&one["File"]), text(&one["Trouble"]))).collect()
    }
}

fn letter(subject: &str) -> Vec<u8> {
    format!("From: Ann <ann@app.test>\nTo: bob@app.test\nSubject: {subject}\n\nGood day\n").into_bytes()
}

fn django(subject: &str) -> String {
    format!(
        "Content-Type: text/plain; charset=\"utf-8\"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n\
         Subject: {subject}\nFrom: ann@app.test\nTo: bob@app.test\nDate: Tue, 24 Nov 2026 12:23:24 -0000\n\
         Message-ID: <{subject}@localhost>\n\nGood day,\n{DASHES}not the end."
    )
}

const DASHES: &str = "-------------------------------------------------------------------------------\n";

fn rails(subject: &str) -> String {
    format!(
        "Date: Tue, 24 Nov 2026 12:23:24 +0000\r\nFrom: ann@app.test\r\nTo: bob@app.test\r\nMessage-ID: <{subject}@box.mail>\r\n\
         Subject: {subject}\r\nMime-Version: 1.0\r\nContent-Type: text/plain;\r\n charset=UTF-8\r\n\
         Content-Transfer-Encoding: 7bit\r\n\r\nno line end"
    )
}

/// A message that is plainly not all there, in two pieces.
fn halves(subject: &str) -> (String, String) {
    let head = format!(
        "From: ann@app.test\nTo: bob@app.test\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n"
    );
    (format!("{head}--b\n\nGood day\n"), "--b\n\nmore\n--b--\n".into())
}

#[test]
fn files_that_are_there_and_files_that_come_are_taken_byte_for_byte_and_left_alone() {
    let before = b"From: ann@app.test\r\nTo: bob@app.test\r\nSubject: before\r\n\r\n.dots\r\n\xff\x00\r\n".to_vec();
    let post =
        Post::with(&[("a.eml", &before), (".hidden.eml", &letter("hidden")), ("b.eml~", &letter("backup"))], &[]);
    let (message, raw) = post.arrived("before");
    assert_eq!(raw, before);
    assert_eq!(message["Mailbox"], "default");
    let envelope = &message["Envelope"];
    assert_eq!((envelope["Door"].as_str(), &envelope["Peer"]), (Some("pickup"), &Value::Null));
    assert_eq!(envelope["File"].as_str().map(Path::new), Some(&*post.path("a.eml")));
    assert_eq!(
        (&envelope["From"]["Address"], &envelope["To"][0]["Address"]),
        (&"ann@app.test".into(), &"bob@app.test".into())
    );

    let page = post.server.get(&format!("/message/{}?tab=envelope", message["ID"].as_str().unwrap())).text();
    assert!(page.contains("a.eml") && page.contains("sender and recipients were read from the fields"));

    // LF is kept as it is on disk.
    post.write("later.eml", letter("later"));
    assert_eq!(post.arrived("later").1, letter("later"));
    // Renamed into place.
    post.write("renamed.tmp", letter("renamed"));
    fs::rename(post.path("renamed.tmp"), post.path("renamed.eml")).unwrap();
    assert_eq!(post.arrived("renamed").1, letter("renamed"));
    assert_eq!(fs::read(post.path("a.eml")).unwrap(), before);
    assert_eq!(post.subjects(), ["before", "later", "renamed"]);
    assert_eq!(post.server.json("/api/v1/info")["Pickup"][0].as_str().map(Path::new), Some(post.dir.path()));
    assert_eq!(post.troubles(), []);
}

#[test]
fn half_a_message_is_not_taken_and_the_whole_one_is() {
    let post = Post::with(&[], &[]);
    let (first, second) = halves("slow");
    post.write("slow.eml", &first);
    post.all_taken("one");
    assert_eq!(post.subjects(), ["one"]);
    post.append("slow.eml", &second[..3]);
    post.all_taken("two");
    assert_eq!(post.subjects(), ["one", "two"]);
    post.append("slow.eml", &second[3..]);
    assert_eq!(post.arrived("slow").1, [first, second].concat().into_bytes());
    assert_eq!(post.subjects(), ["one", "slow", "two"]);
}

#[test]
fn a_file_of_rails_gives_each_message_once_however_they_are_appended() {
    let post = Post::with(&[("bob@app.test", format!("{}{}", rails("one"), rails("two")).as_bytes())], &[]);
    assert_eq!(post.arrived("one").1, rails("one").into_bytes());
    assert_eq!(post.arrived("two").1, rails("two").into_bytes());
    post.append("bob@app.test", rails("three"));
    assert_eq!(post.arrived("three").1, rails("three").into_bytes());
    // Named after a recipient whom the fields leave out.
    post.write("eve@app.test", rails("blind"));
    let (message, _) = post.arrived("blind");
    let to: Vec<_> = message["Envelope"]["To"].as_array().unwrap().iter().map(|to| to["Address"].clone()).collect();
    assert_eq!(to, ["bob@app.test", "eve@app.test"]);
    post.server.json("/api/v1/wait?query=addressed:eve@app.test&timeout=60s");
    assert_eq!(post.subjects(), ["blind", "one", "three", "two"]);
}

#[test]
fn a_file_of_django_gives_a_message_when_its_line_of_dashes_is_there() {
    let post = Post::with(&[], &[]);
    post.write("20261124-122324-1.log", format!("{}\n{DASHES}{}\n", django("one"), django("two")));
    assert_eq!(post.arrived("one").1, django("one").into_bytes());
    post.all_taken("between");
    assert_eq!(post.subjects(), ["between", "one"]);
    post.append("20261124-122324-1.log", DASHES);
    assert_eq!(post.arrived("two").1, django("two").into_bytes());
    post.append("20261124-122324-1.log", format!("{}\n{DASHES}", django("three")));
    assert_eq!(post.arrived("three").1, django("three").into_bytes());
    assert_eq!(post.subjects(), ["between", "one", "three", "two"]);
}

#[test]
fn what_dot_net_writes_has_its_envelope_in_it() {
    let post = Post::with(&[], &[]);
    let raw = "X-Sender: ann@app.test\r\nX-Receiver: bob@app.test\r\nX-Receiver: eve@app.test\r\nMIME-Version: 1.0\r\n\
               From: boss@app.test\r\nTo: bob@app.test\r\nSubject: net\r\n\r\nGood day\r\n";
    post.write("0f9e6c3a-6d0c-4f6e-9f3b-0c8f3f6f7a11.eml", raw);
    let (message, bytes) = post.arrived("net");
    assert_eq!(bytes, raw.as_bytes());
    assert_eq!(message["Envelope"]["From"]["Address"], "ann@app.test");
    assert_eq!(message["Envelope"]["To"][1]["Address"], "eve@app.test");
}

#[test]
fn a_maildir_gives_each_message_once_wherever_it_moves() {
    let post = Post::with(
        &[
            ("new/1.M1.box", &letter("one")),
            ("cur/2.M2.box:2,S", &letter("two")),
            ("tmp/3.M3.box", &letter("tmp")),
            ("dovecot.index", b"x"),
        ],
        &[],
    );
    assert_eq!(post.arrived("one").1, letter("one"));
    post.arrived("two");
    fs::rename(post.path("new/1.M1.box"), post.path("cur/1.M1.box:2,RS")).unwrap();
    fs::rename(post.path("cur/2.M2.box:2,S"), post.path("cur/2.M2.box:2,ST")).unwrap();
    post.write("tmp/4.M4.box", letter("four"));
    fs::rename(post.path("tmp/4.M4.box"), post.path("new/4.M4.box")).unwrap();
    let (message, _) = post.arrived("four");
    assert_eq!(message["Mailbox"], "default");
    // The next look after that has seen the moved ones too.
    post.write("tmp/5.M5.box", letter("five"));
    fs::rename(post.path("tmp/5.M5.box"), post.path("new/5.M5.box")).unwrap();
    post.arrived("five");
    assert_eq!(post.subjects(), ["five", "four", "one", "two"]);
    assert_eq!(post.troubles(), []);
}

#[test]
fn real_messages_come_byte_for_byte() {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eml")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|ending| ending == "eml") => files.push(fs::read(path).unwrap()),
                false => {}
            }
        }
    }
    files.retain(|bytes| !bytes.is_empty());
    assert!(files.len() > 20, "{} files", files.len());
    let names: Vec<_> = (0..files.len()).map(|number| format!("new/{number:04}.M1.box")).collect();
    let mut all: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(files.iter().map(Vec::as_slice)).collect();
    let last = letter("last-of-all");
    all.extend([("new/9999.M1.box", &*last), ("cur/0.M0.box:2,", b"Subject: zero\n\n")]);
    let post = Post::with(&all, &[]);
    post.server.json("/api/v1/wait?query=subject:last-of-all&timeout=60s");
    // Taken in the order of their times and names, but the times may differ within one look.
    let list = loop {
        let list = post.server.json("/api/v1/messages?limit=10000");
        if list["total"].as_u64() == Some(all.len() as u64) {
            break list;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let ids = list["messages"].as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap());
    let mut came: Vec<_> = ids.map(|id| post.server.raw(id)).collect();
    let mut sent: Vec<_> = all.iter().map(|(_, bytes)| bytes.to_vec()).collect();
    came.sort();
    sent.sort();
    assert!(came == sent, "the bytes differ");
    assert_eq!(post.troubles(), []);
}

#[test]
fn what_is_too_large_and_what_is_no_mail_is_said_and_passed_over() {
    let large = [letter("large"), b"0123456789abcde\n".repeat(2_000)].concat();
    let post =
        Post::with(&[("large.eml", &large), ("notes.txt", b"# Notes\n\nnot mail\n")], &["--max-message-size", "10kB"]);
    // Between two that fit, in one file.
    let three = format!("{}{}{}{}", rails("left"), rails("huge"), "x\r\n".repeat(40_000), rails("right"));
    post.write("bob@app.test", three);
    post.arrived("left");
    post.arrived("right");
    post.all_taken("last");
    assert_eq!(post.subjects(), ["last", "left", "right"]);
    let troubles = post.troubles();
    let said = |name: &str| {
        let about: Vec<_> = troubles.iter().filter(|(file, _)| Path::new(file) == post.path(name)).collect();
        assert_eq!(about.len(), 1, "{troubles:?}");
        about[0].1.clone()
    };
    assert_eq!(
        said("large.eml"),
        format!(
            "The file holds a message of {} bytes, and the limit is 10240 bytes; it was not taken in. Raise --max-message-size and start again.",
            large.len()
        )
    );
    assert_eq!(
        said("notes.txt"),
        "The file does not begin with a header field, so it is not mail; it was passed over. Name it .eml if it is."
    );
    assert!(said("bob@app.test").starts_with("The file holds "));
}

#[test]
fn a_file_that_was_taken_too_early_is_taken_again_whole_and_that_is_said() {
    let post = Post::with(&[("notes.eml", &letter("early"))], &[]);
    post.arrived("early");
    post.append("notes.eml", "and one more line\n");
    let sentence = "The file grew after its message was taken in; the message was taken again, whole. Write it elsewhere and move it here.";
    let whole = [letter("early"), b"and one more line\n".to_vec()].concat();
    let second = post.server.json("/api/v1/wait?query=subject:early+%22one+more+line%22&timeout=60s");
    assert_eq!(post.server.raw(second["ID"].as_str().unwrap()), whole);
    assert_eq!(post.troubles().into_iter().map(|(_, trouble)| trouble).collect::<Vec<_>>(), [sentence]);
}

#[test]
fn a_file_in_the_place_of_another_is_new_and_a_touched_one_is_not() {
    let post = Post::with(&[("mail.eml", &letter("first"))], &[]);
    post.arrived("first");
    let touched = OpenOptions::new().append(true).open(post.path("mail.eml")).unwrap();
    touched.set_modified(std::time::UNIX_EPOCH).unwrap();
    post.all_taken("between");
    // As long as the first was.
    post.write("mail.eml", letter("other"));
    post.arrived("other");
    assert_eq!(post.subjects(), ["between", "first", "other"]);
}

#[test]
fn a_folder_that_vanishes_is_told_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("mails");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.eml"), letter("before")).unwrap();
    let server = Server::with(&["--pickup", folder.to_str().unwrap()]);
    let wait = |subject: &str| server.json(&format!("/api/v1/wait?query=subject:{subject}&timeout=60s"));
    wait("before");
    fs::rename(&folder, dir.path().join("elsewhere")).unwrap();
    let sentence = loop {
        let sessions = server.json("/api/v1/sessions");
        if let Some(sentence) = sessions["Sessions"][0]["Trouble"].as_str() {
            break sentence.to_owned();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(sentence.starts_with("The pickup folder cannot be read any more ("), "{sentence}");
    fs::rename(dir.path().join("elsewhere"), &folder).unwrap();
    fs::write(folder.join("b.eml"), letter("after")).unwrap();
    wait("after");
    assert_eq!(server.json("/api/v1/info")["Messages"], 2);
}

#[test]
fn a_folder_that_is_not_there_stops_the_start_and_one_that_is_stands_in_the_block() {
    let dir = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| {
        let output = restante(dir.path()).args(args).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(
        said(&["--pickup", "tmp/mails"]),
        "restante: --pickup tmp/mails: there is no such folder; make it (mkdir -p tmp/mails), or name the one that your \
         application writes its mail to\n"
    );
    fs::write(dir.path().join("file"), "").unwrap();
    assert_eq!(
        said(&["--pickup", "file"]),
        "restante: --pickup file: that is a file; name the folder that your application writes its mail to\n"
    );

    let mut child =
        restante(dir.path()).args(["--pickup", "."]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let row = lines.find(|line| line.starts_with("  Pickup"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(row.unwrap().ends_with("files of mail, left as they are"));
}
