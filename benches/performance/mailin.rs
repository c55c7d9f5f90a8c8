//! A stock mailin-embedded server, as its documentation writes it: the bench starts itself as one.

use std::io;
use std::sync::{Arc, Mutex};

use mailin_embedded::response::OK;
use mailin_embedded::{Handler, Response, Server};

/// Appends what comes to a `Vec`; at the end of the message that is kept with the others, or dropped.
#[derive(Clone)]
struct Heap {
    message: Vec<u8>,
    kept: Option<Arc<Mutex<Vec<Vec<u8>>>>>,
}

impl Handler for Heap {
    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, _to: &[String]) -> Response {
        self.message = Vec::new();
        OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.message.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let message = std::mem::take(&mut self.message);
        if let Some(kept) = &self.kept {
            kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(message);
        }
        OK
    }
}

/// Serves until it is killed.
pub fn serve(address: &str, mail: &str) -> Result<(), String> {
    let kept = (mail == "kept").then(Arc::default);
    let mut server = Server::new(Heap { message: Vec::new(), kept });
    server.with_addr(address).map_err(|error| error.to_string())?;
    server.serve().map_err(|error| error.to_string())
}
