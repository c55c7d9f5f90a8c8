//! Every integration test of Restante, in one binary: compiled and linked once.

#![allow(unreachable_pub, reason = "nothing here has a caller outside")]

mod acts;
mod any_message;
mod api;
mod bad_configs;
mod budget;
mod catcher;
mod checked;
mod codes;
mod commands;
mod corpus;
mod crowd;
mod downloads;
mod every_page;
mod findings_doc;
mod golden;
mod guide_cargo;
mod guides;
mod hostile_http;
mod hostile_mail;
mod known_failures;
mod layers;
mod lettre;
mod limits_doc;
mod live;
#[cfg(feature = "mailin")]
mod mailin_server;
mod mailpit;
mod mailpit_send;
mod mailpit_socket;
mod mean;
mod packed;
mod pickup;
mod route_table;
mod rows;
mod searching;
mod serving;
mod settings;
mod smtp_driver;
mod smtp_mailin;
mod smtp_properties;
mod support;
mod tls_reload;
mod transcript;
mod transcripts;
mod transcripts_tcp;
mod waits;
mod weight;
mod well_formed;
mod within;
mod workers;
