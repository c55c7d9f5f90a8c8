//! Many messages as one file: byte for byte, the oldest first, whoever reads it.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Answer, Server, request};

/// Every message of `tests/eml`, by name.
fn messages() -> Vec<Vec<u8>> {
    let mut folders: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eml")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(ending) if ending == "eml" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    assert!(files.len() > 100);
    files.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// The messages of an mboxrd, as its description says.
fn of_mbox(mbox: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut after_empty = true;
    for line in mbox.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
        match messages.last_mut() {
            _ if after_empty && line.starts_with(b"From ") => messages.push(Vec::new()),
            Some(last) => last.extend_from_slice(&line[usize::from(bare > 0 && line[bare..].starts_with(b"From "))..]),
            None => panic!("it does not begin with a From line"),
        }
        after_empty = line == b"\n";
    }
    messages.iter_mut().for_each(|message| assert_eq!(message.pop(), Some(b'\n')));
    messages
}

/// The names and bytes of a zip, in its order.
fn of_zip(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let count = archive.len();
    let one = |at| {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(one).collect()
}

fn python(code: &str, file: &[u8], want: &[u8]) {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), file).unwrap();
    std::fs::write(dir.path().join("want"), want).unwrap();
    let ran = Command::new("python3").args(["-c", code]).current_dir(dir.path()).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

fn post(server: &Server, path: &str, body: &str, origin: &str) -> Answer {
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin)];
    request("POST", &server.http(path), &form, Some(body))
}

#[test]
fn every_message_comes_back_byte_for_byte_in_either_file() {
    let server = Server::start();
    let ids: Vec<String> = messages().iter().map(|raw| server.send(raw)).collect();
    let mut sent: Vec<_> = ids.iter().map(|id| server.raw(id)).collect();

    let mbox = server.get("/download?format=mbox&all=1");
    assert_eq!((mbox.status, mbox.header("content-type")), (200, "application/mbox"));
    assert!(of_mbox(&mbox.body) == sent, "the mbox differs");
    assert!(mbox.body.starts_with(b"From ann@app.test "), "{}", &mbox.text()[..40]);

    let zip = server.get("/download?format=zip&all=1");
    assert_eq!((zip.status, zip.header("content-type")), (200, "application/zip"));
    let files = of_zip(&zip.body);
    assert!(files.iter().map(|(_, bytes)| bytes).eq(sent.iter()), "the zip differs");
    for (name, _) in &files {
        let is_plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "-_.".contains(char);
        assert!(name.ends_with(".eml") && name.chars().all(is_plain), "{name}");
    }

    // Each of its length, so that nothing can be mistaken for another.
    let mut want = Vec::new();
    for raw in &mut sent {
        want.extend_from_slice(format!("{}\n", raw.len()).as_bytes());
        want.append(raw);
    }
    python(
        "import zipfile\n\
         z = zipfile.ZipFile('file')\n\
         assert z.testzip() is None and len(set(z.namelist())) == len(z.namelist())\n\
         have = b''.join(b'%d\\n%s' % (len(d), d) for d in map(z.read, z.namelist()))\n\
         assert have == open('want', 'rb').read()",
        &zip.body,
        &want,
    );
    python(
        "import mailbox, re\n\
         box = mailbox.mbox('file')\n\
         unquoted = [re.sub(rb'(?m)^>(>*From )', rb'\\1', box.get_bytes(key)) for key in box.keys()]\n\
         assert all(box.get_message(key).get_from().startswith('ann@app.test ') for key in box.keys())\n\
         have = b''.join(b'%d\\n%s' % (len(d), d) for d in unquoted)\n\
         assert have == open('want', 'rb').read()",
        &mbox.body,
        &want,
    );
}

#[test]
fn what_is_chosen_is_in_it_and_nothing_else() {
    let server = Server::start();
    let mail = |subject: &str| server.send(format!("Subject: {subject}\r\n\r\nFrom here on.\r\n").as_bytes());
    let ids = ["Order 1", "Order 2", "Parcel"].map(mail);
    let mut smtp = server.smtp_greeted();
    smtp.say("AUTH PLAIN AGEvYgB4", "235");
    let other = smtp.send("a@b.test", &["c@d.test"], b"Subject: theirs\r\n\r\n");
    let names = |path: &str| -> Vec<String> {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        of_zip(&answer.body).into_iter().map(|(name, _)| name.split_once('_').unwrap().1[7..].to_owned()).collect()
    };
    // The order is that of arrival, whatever the order of the ids; one that is named twice is there once.
    let [first, second, third] = &ids;
    assert_eq!(names(&format!("/download?format=zip&id={third}&id={first}&id={third}")), ["order-1.eml", "parcel.eml"]);
    assert_eq!(names("/download?format=zip&all=1&q=subject:order"), ["order-1.eml", "order-2.eml"]);
    assert_eq!(names("/mailbox/a%2Fb/download?format=zip&all=1"), ["theirs.eml"]);

    let form = post(&server, "/download", &format!("format=mbox&id={second}"), server.ready["http"].as_str().unwrap());
    assert_eq!(of_mbox(&form.body), [b"Subject: Order 2\r\n\r\nFrom here on.\r\n"]);
    let disposition = form.header("content-disposition").to_owned();
    assert!(disposition.starts_with("attachment; filename=\"restante-2"), "{disposition}");
    assert!(disposition.contains(".mbox\""), "{disposition}");
    let inner = server.get("/mailbox/a%2Fb/download?all=1");
    assert!(inner.header("content-disposition").contains("restante-a_b-2"), "{}", inner.header("content-disposition"));
    // Compressed for nobody: it is a file.
    let gzip = request("GET", &server.http("/download?all=1"), &[("Accept-Encoding", "gzip")], None);
    assert!(gzip.body.starts_with(b"From ann@app.test "));

    for (path, status) in [
        ("/download".to_owned(), 400),
        (format!("/download?id={first}&format=tar"), 400),
        ("/download?all=1&q=is:nonsense".to_owned(), 404),
        ("/download?all=1&q=subject:nothing".to_owned(), 404),
        // Of another mailbox.
        (format!("/mailbox/default/download?id={other}"), 404),
    ] {
        assert_eq!(server.get(&path).status, status, "{path}");
    }
    assert_eq!(post(&server, "/download", "all=1", "https://evil.test").status, 403);
    let head = request("HEAD", &server.http("/download?all=1"), &[], None);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(server.json("/api/v1/info")["Messages"], 4);
}

/// Bytes of memory that a process has now.
#[cfg(target_os = "linux")]
fn memory(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
}

#[test]
#[cfg(target_os = "linux")]
fn a_large_mailbox_does_not_become_as_large_again_and_a_slow_client_gets_all_that_is_still_there() {
    let server = Server::start();
    // What cannot be packed, so that what is held is what was sent.
    let mut word = 1_u32;
    let mut line = || {
        let mut text = String::new();
        for _ in 0..76 {
            word ^= word << 13;
            word ^= word >> 17;
            word ^= word << 5;
            text.push(char::from(b'A' + (word % 26) as u8));
        }
        text + "\r\n"
    };
    let body: String = (0..13_000).map(|_| line()).collect();
    let mut smtp = server.smtp_greeted();
    let ids: Vec<_> = (0..60)
        .map(|n| smtp.send("a@b.test", &["c@d.test"], format!("Subject: {n}\r\n\r\n{body}").as_bytes()))
        .collect();
    let before = memory(server.pid());
    let open = |format: &str| {
        let url = server.http(&format!("/download?format={format}&all=1"));
        let mut body = ureq::get(url).call().unwrap().into_body().into_reader();
        let mut first = vec![0; 1000];
        body.read_exact(&mut first).unwrap();
        (first, body)
    };
    let (mut mbox, mut slow) = open("mbox");
    // Nobody can have made the last ones yet: the client has taken a thousand bytes.
    let (one, other) = (&ids[58], &ids[59]);
    let form = post(&server, "/delete", &format!("id={one}&id={other}"), server.ready["http"].as_str().unwrap());
    assert_eq!(form.status, 303);
    // One that goes in the middle takes nothing along.
    drop(open("zip"));
    slow.read_to_end(&mut mbox).unwrap();
    let subjects: Vec<_> = of_mbox(&mbox)
        .iter()
        .map(|raw| String::from_utf8_lossy(raw).lines().next().unwrap()["Subject: ".len()..].to_owned())
        .collect();
    assert_eq!(subjects, (0..58).map(|n| n.to_string()).collect::<Vec<_>>());
    let more = memory(server.pid()).saturating_sub(before);
    assert!(more < 24 << 20, "{more} bytes more for a mailbox of {}", 60 * body.len());
}
