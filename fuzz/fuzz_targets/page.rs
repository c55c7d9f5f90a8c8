//! Any bytes have their pages: each address about it answers as `tests/it/every_page.rs` wants it, at the root or in
//! its mailbox, with one of the tabs. The whole window is asked, in memory.

#![no_main]
#![allow(dead_code, reason = "what is shared has more for the tests")]

#[path = "../../tests/it/every_page.rs"]
mod every_page;
#[path = "../../tests/it/well_formed.rs"]
mod well_formed;

use actix_web::body::MessageBody;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::rt::{System, SystemRunner};
use actix_web::web::Data;
use actix_web::{App, test};
use every_page::{Page, Visitor};
use futures_util::future::LocalBoxFuture;
use libfuzzer_sys::fuzz_target;
use restante::clock;
use restante::listen::certificate;
use restante::listen::smtp::{Gate, Timing};
use restante::listen::tls::Terminator;
use restante::listen::tls_knock::Knocks;
use restante::mail::dialogue::Dialogue;
use restante::mail::envelope::{Addressed, Client, Door, Envelope, Login, Params, Path};
use restante::mail::incoming::Incoming;
use restante::mailbox::inbox::Verdict;
use restante::mailbox::large::Large;
use restante::mailbox::{Inbox, Limits, Scope};
use restante::protocol::smtp::Policy;
use restante::web::facts::Facts;
use restante::web::guard::{self, Access};
use restante::web::live::Rows;
use restante::web::page::Tab;
use restante::web::{Web, routes};
use restante_fuzz::watch_panics;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const USER: &str = "worker 3/\u{e9}";
const MOUNTS: [&str; 2] = ["/", "/mailbox/worker%203%2F%C3%A9/"];

thread_local! {
    // Never dropped: actix cannot be when the thread is gone.
    static HOUSE: &'static House = Box::leak(Box::new(House::open()));
}

fuzz_target!(init: watch_panics(), |raw: &[u8]| HOUSE.with(|house| house.visited(raw)));

type Ask = Box<dyn Fn(String) -> LocalBoxFuture<'static, Page>>;

/// A window with its inbox, opened once.
struct House {
    runner: SystemRunner,
    inbox: Inbox,
    ask: Ask,
}

impl House {
    fn open() -> Self {
        let runner = System::new();
        let inbox = Inbox::new(Limits { messages_max: 3, ..Limits::default() });
        let ask = runner.block_on(window(inbox.clone()));
        Self { runner, inbox, ask }
    }

    fn visited(&self, raw: &[u8]) {
        let verdict = self.runner.block_on(self.inbox.accept(incoming(raw), self.inbox.reservation()));
        let Verdict::Kept(id) = verdict else { panic!("{verdict:?}") };
        // One mount and one tab at a time: pages are long, and most of what is done is looking at them.
        let base = MOUNTS[raw.len() % MOUNTS.len()].to_owned();
        let tab = raw.len() / MOUNTS.len() % Tab::ALL.len();
        let tabs = &Tab::ALL[tab..=tab];
        let mut ask = |path: &str| self.runner.block_on((self.ask)(path.to_owned()));
        let mut visitor = Visitor { ask: &mut ask, base, tabs, seen: BTreeSet::new() };
        visitor.visit(&id.to_string(), raw);
        self.runner.block_on(self.inbox.clear(&Scope::All)).unwrap();
    }
}

async fn window(inbox: Inbox) -> Ask {
    let identity = certificate::make("restante.test", &[], None, clock::now()).unwrap();
    let gate = Gate {
        door: Door::Page,
        policy: Arc::new(Policy::default()),
        tls: Terminator::new(&identity).unwrap(),
        inbox: inbox.clone(),
        timing: Timing::default(),
        knocks: Knocks::default(),
    };
    let facts = Facts {
        doors: Vec::new(),
        pickup: Vec::new(),
        ca_pem: Some("-----BEGIN CERTIFICATE-----\n".into()),
        message_bytes_max: 50 << 20,
        recipients_max: 100,
        connections_max: 100,
        started: clock::now(),
    };
    let gate = Arc::new(gate);
    let web = Data::new(Web {
        inbox,
        page_gate: gate.clone(),
        http_gate: gate,
        facts,
        reload: tokio::sync::watch::channel(()).0,
        stop: CancellationToken::new(),
        rows: Rows::default(),
        streams: Default::default(),
        written: Default::default(),
        large: Large::default(),
    });
    let access = Data::new(Access::new("restante.test", &[], &[]));
    let app = App::new().app_data(web).app_data(access).wrap(from_fn(guard::guard)).configure(routes::site);
    let service = std::rc::Rc::new(test::init_service(app).await);
    Box::new(move |path| {
        let service = service.clone();
        Box::pin(async move {
            let request = test::TestRequest::get().uri(&path).insert_header((header::HOST, "localhost:8025"));
            let answer = test::call_service(&*service, request.to_request()).await;
            let text = |name| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            Page {
                status: answer.status().as_u16(),
                content_type: text(header::CONTENT_TYPE),
                policy: text(header::CONTENT_SECURITY_POLICY),
                body: answer.into_body().try_into_bytes().unwrap_or_else(|_| panic!("{path} streams")).to_vec(),
            }
        })
    })
}

fn incoming(raw: &[u8]) -> Incoming {
    let addressed =
        |path: &[u8]| Addressed { path: Path::verbatim(path), params: Params::verbatim(b"SIZE=1 <x-mail>") };
    let mut client = Client::at(Door::Smtp);
    client.login = Some(Login { mechanism: "PLAIN".into(), user: USER.into() }.into());
    let (from, _) = raw.split_at(raw.len().min(30));
    let envelope = Envelope { from: addressed(from), to: [addressed(b"<x-mail>\"&")].into(), client: Arc::new(client) };
    let mut dialogue = Dialogue::new(1000);
    dialogue.client(from);
    Incoming { raw: raw.into(), envelope, dialogue, findings: Vec::new() }
}
