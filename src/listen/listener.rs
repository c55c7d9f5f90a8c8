//! Accepting: permits, back-off, and the stop. The same loop for every protocol.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

/// How many connections there may be, over all listeners that share it.
pub type Permits = Arc<Semaphore>;

const BACK_OFF_FIRST: Duration = Duration::from_millis(5);
const BACK_OFF_MAX: Duration = Duration::from_secs(1);

/// Accepts until `stop`, and gives each connection to `handle` as a task of its own under `tasks`.
///
/// Out of permits, one connection waits here and the others in the kernel's backlog until one is free. A listener that
/// nobody calls holds no permit: with few of them it would keep the other doors shut. When accepting fails (no file
/// descriptors left, say) it waits, longer each time, and goes on.
pub async fn run<H, F>(listener: TcpListener, permits: Permits, tasks: TaskTracker, stop: CancellationToken, handle: H)
where
    H: Fn(TcpStream, SocketAddr) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut back_off = BACK_OFF_FIRST;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                back_off = BACK_OFF_FIRST;
                let permit = tokio::select! {
                    permit = permits.clone().acquire_owned() => permit,
                    () = stop.cancelled() => return,
                };
                let Ok(permit) = permit else { return };
                let session = handle(stream, peer);
                tasks.spawn(async move {
                    session.await;
                    drop(permit);
                });
            }
            Err(error) => {
                warn!("cannot accept a connection ({error}); trying again in {back_off:?}");
                tokio::time::sleep(back_off).await;
                back_off = (back_off * 2).min(BACK_OFF_MAX);
            }
        }
    }
}
