//! The table of `routes.rs`, read for those who hold others to it; and the document of the API, held to it.

use std::collections::BTreeSet;

use crate::support::Server;

/// A method and an address that each mount has.
pub struct Route {
    pub method: &'static str,
    pub path: String,
    /// Whether its answer has an end, which a stream has not.
    pub ends: bool,
    /// Whether it stands among those of the API, and not of the pages.
    pub is_api: bool,
}

/// Every row, a route for each method: `.service(at("/path", [get().to(…), put().to(…)]))`.
pub fn mounted() -> Vec<Route> {
    let table = include_str!("../../src/web/routes.rs").split("fn mounted").nth(1).unwrap();
    let (pages, api) = table.split("\n}\n").next().unwrap().split_once("// API\n").unwrap();
    let mut routes = Vec::new();
    for (is_api, rows) in [(false, pages), (true, api)] {
        for row in rows.split(".service(").skip(1) {
            let path = row.split('"').nth(1).unwrap();
            for method in ["get", "post", "put", "delete"] {
                if row.contains(&format!("{method}().to(")) {
                    let ends = !row.contains(&format!("endless_{method}().to("));
                    routes.push(Route { method, path: path.to_owned(), ends, is_api });
                }
            }
        }
    }
    assert!(routes.len() >= 50, "the table is found: {} routes", routes.len());
    routes
}

/// Of the API's those that answer with a redirection, or say what another says.
const UNTOLD: [&str; 4] = ["get /livez", "get /view/{id}", "get /search", "get /api/v1/"];

#[test]
fn the_document_tells_of_every_route_of_the_api_and_of_no_other() {
    let document = Server::start().json("/api/v1/openapi.json");
    let paths = document["paths"].as_object().unwrap().iter();
    let told = paths
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| format!("{method} {path}")));
    let there =
        mounted().into_iter().filter(|route| route.is_api).map(|route| format!("{} {}", route.method, route.path));
    let there: BTreeSet<String> = there.filter(|route| !UNTOLD.contains(&route.as_str())).collect();
    assert!(there.len() > 25, "{there:?}");
    assert_eq!(told.collect::<BTreeSet<_>>(), there);
}
