//! What becomes of a handler that panics: its own request is answered with 500 and a sentence, nothing else notices.
//!
//! Reading mail never panics, as far as fuzzing can tell; this is for the one mail that proves it wrong. Every handler of
//! [`super::routes`] passes through [`caught`], and its work on other threads through [`off_thread`], so there is one answer.

use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, resume_unwind};

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use futures_util::FutureExt;
use tracing::error;

use super::mount::Mount;
use super::page::words;
use super::problem::Problem;
use super::show;

/// The answer, or the apology for it. What a panic leaves half done is the handler's own: the store is written by its
/// inbox alone.
pub(super) async fn caught<R: Responder>(request: HttpRequest, answer: impl Future<Output = R>) -> HttpResponse {
    let answer = AssertUnwindSafe(async { answer.await.respond_to(&request).map_into_boxed_body() }).catch_unwind();
    match answer.await {
        Ok(answer) => answer,
        Err(_) => {
            error!("{} {} could not be answered: a fault of Restante", request.method(), request.path());
            sorry(&request).await
        }
    }
}

/// Does slow work off the thread that answers requests. A panic there is one here.
pub(super) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match actix_web::rt::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // It never began, for the server stops: nobody is there to be answered.
            Err(_) => pending().await,
        },
    }
}

async fn sorry(request: &HttpRequest) -> HttpResponse {
    let mount = Mount::extract(request).await.unwrap_or_else(|_| Mount::root());
    let source = request.match_info().get("id").map(source);
    let kept = match source {
        Some(_) => "The message is kept as it was sent, and its source can be had.",
        None => "Every message is kept as it was sent.",
    };
    let detail = format!("Restante made a mistake while it read what belongs here. {kept}");
    let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "This cannot be shown", detail);
    if request.path().contains("/api/") {
        let source = source.map(|source| mount.base.clone() + &source);
        return problem.with("source", source).respond();
    }
    show::failed(&problem, &mount, source.unwrap_or_default())
}

/// Where a message's source is, below the mount: nobody has to read it before it is sent.
fn source(id: &str) -> String {
    format!("api/v1/message/{}/raw", words::percent(id))
}
