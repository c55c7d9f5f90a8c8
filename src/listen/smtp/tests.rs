use tokio::io::{AsyncReadExt, BufWriter, duplex};

use super::*;

#[tokio::test]
async fn nothing_that_was_sent_waits_in_the_stream() {
    let (ours, mut theirs) = duplex(100);
    // Keeps what is written until it is flushed, as a TLS stream does when its socket is full.
    let mut wire: Box<dyn Wire> = Box::new(BufWriter::new(ours));
    send(&mut wire, b"250 Ok\r\n").await.unwrap();
    drop(wire);
    let mut came = String::new();
    theirs.read_to_string(&mut came).await.unwrap();
    assert_eq!(came, "250 Ok\r\n");
}
