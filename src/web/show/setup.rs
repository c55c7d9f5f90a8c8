//! How to begin: this run's doors, as a page and beside an empty list; and the CA.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{rendered, shell};
use crate::mail::envelope::Door;
use crate::web::Web;
use crate::web::mount::Mount;
use crate::web::page::SetupPage;
use crate::web::page::setup::{Door as DoorView, DoorTls, Setup};
use crate::web::page::shell::Shell;

/// `GET /setup`
pub async fn page(web: Data<Web>, mount: Mount, request: HttpRequest) -> HttpResponse {
    let mut setup = panel(&web, &mount);
    setup.inbox_url = format!("http://{}{}", request.connection_info().host(), mount.base);
    rendered(StatusCode::OK, &SetupPage { shell: Shell { here: "setup", ..shell(&web, &mount, "") }, setup })
}

/// The doors, and what to write where.
pub(super) fn panel(web: &Web, mount: &Mount) -> Setup {
    let doors = web.facts.doors.iter().filter(|door| !door.quiet || web.facts.doors.len() == 1);
    Setup {
        doors: doors
            .map(|fact| DoorView {
                host: fact.host.clone(),
                port: fact.port,
                tls: match fact.door {
                    Door::Smtps => DoorTls::Implicit,
                    Door::Submission => DoorTls::StartTls,
                    Door::Smtp | Door::Page | Door::Http | Door::Pickup | Door::Mailin => DoorTls::None,
                },
                note: String::new(),
            })
            .collect(),
        pickup: web.facts.pickup.clone(),
        ca_url: web.facts.ca_pem.is_some().then(|| "/ca.pem".to_owned()),
        inbox_url: mount.base.clone(),
        login: mount.mailbox().filter(|name| !name.is_default()).map(ToString::to_string),
    }
}

/// `GET /ca.pem`: the CA to trust.
pub async fn ca(web: Data<Web>) -> HttpResponse {
    match &web.facts.ca_pem {
        Some(pem) => HttpResponse::Ok()
            .content_type("application/x-pem-file")
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"restante-ca.pem\""))
            .body(pem.to_string()),
        None => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("The certificate is the user's own (--tls-cert); its CA is not here.\n"),
    }
}
