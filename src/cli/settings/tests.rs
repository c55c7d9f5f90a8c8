use std::collections::HashMap;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::cli::print;
use crate::config::Config;

/// The settings of a command line, variables, and a file's text if there is one.
fn gathered(typed: &[String], variables: &[(&str, &str)], text: Option<&str>) -> Result<Settings, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("r.toml");
    let mut args: Vec<OsString> = vec!["restante".into()];
    if let Some(text) = text {
        std::fs::write(&path, text).unwrap();
        args.extend(["--config".into(), path.clone().into_os_string()]);
    }
    args.extend(typed.iter().map(OsString::from));
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    gather(&args, |name| variables.get(name).map(OsString::from)).map_err(|refusal| match refusal {
        Refusal::Wrong(sentence) => sentence.replace(path.to_str().unwrap(), "r.toml"),
        Refusal::Told(text) => text.to_string(),
    })
}

fn config(settings: &Settings) -> Result<Config, String> {
    settings.flags.clone().into_config("box".into()).map_err(|sentence| settings.placed(sentence))
}

fn said(typed: &[&str], variables: &[(&str, &str)], text: Option<&str>) -> String {
    let typed: Vec<_> = typed.iter().map(|&arg| arg.to_owned()).collect();
    let refused = gathered(&typed, variables, text).and_then(|settings| config(&settings));
    refused.expect_err("it is refused").replace(std::env::temp_dir().to_str().unwrap(), "")
}

#[test]
fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
    let file = Some("max-messages = 1\nmax-recipients = 1\nmax-sessions = 1\ntls-name = ['a', 'b']\nstrict = true");
    let variables = [("RESTANTE_MAX_RECIPIENTS", "2"), ("RESTANTE_MAX_SESSIONS", "2"), ("RESTANTE_TLS_NAME", "c,d")];
    let typed = ["--max-sessions", "3", "--strict=false"].map(str::to_owned);
    let settings = gathered(&typed, &variables, file).unwrap();
    let config = config(&settings).unwrap();
    assert_eq!((config.messages_max, config.recipients_max, config.sessions_max), (1, 2, 3));
    assert!(!config.strict, "a switch can be switched off again");
    let crate::config::TlsSource::Made { names, .. } = config.tls else { panic!() };
    assert_eq!(names, ["c", "d"], "a list is replaced, not added to");
    assert!(matches!(settings.origin("max_messages"), Some(Origin::File { line: 1, .. })));
    assert_eq!(settings.origin("max_recipients"), Some(&Origin::Variable("RESTANTE_MAX_RECIPIENTS".into())));
    assert_eq!(settings.origin("max_sessions"), Some(&Origin::Flag));
    assert_eq!(settings.origin("max_memory"), None);
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    assert_eq!(
        said(&[], &[("RESTANTE_IDLE", "soon")], None),
        "RESTANTE_IDLE: \"soon\" is not a time; write a number with ms, s, m or h, such as 30s"
    );
    assert_eq!(
        said(&["--idle", "1s"], &[], Some("\nidle = 'soon'")),
        "r.toml, line 2: idle: \"soon\" is not a time; write a number with ms, s, m or h, such as 30s",
        "also what a flag beats"
    );
    assert_eq!(said(&[], &[], Some("verbose = 9")), "r.toml, line 1: verbose: \"9\" is not a number from 0 to 2");
    assert_eq!(
        said(&["--tls-dir", "a"], &[("RESTANTE_TLS_CERT", "b"), ("RESTANTE_TLS_KEY", "c")], None),
        "--tls-cert cannot be used with --tls-dir; leave one of them out (--tls-cert is set in RESTANTE_TLS_CERT)"
    );
    assert_eq!(
        said(&[], &[("RESTANTE_TLS_KEY", "a")], None),
        "--tls-key needs the certificate of the key too: add --tls-cert (--tls-key is set in RESTANTE_TLS_KEY)"
    );
    let large = said(&[], &[("RESTANTE_MAX_MEMORY", "1MB")], Some("max-message-size = '2MB'"));
    assert!(
        large.contains("raise --max-memory, or lower --max-message-size (--max-message-size is set in "),
        "{large}"
    );
    assert!(large.ends_with("r.toml, line 1; --max-memory is set in RESTANTE_MAX_MEMORY)"), "{large}");
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let settings = gathered(&[], &[("RESTANTE_SMTP", ""), ("RESTANTE_CONFIG", "")], None).unwrap();
    assert_eq!(settings.origin("smtp"), None);
}

#[test]
fn the_variable_names_the_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("r.toml");
    std::fs::write(&path, "max-messages = 7").unwrap();
    let variable = |name: &str| (name == "RESTANTE_CONFIG").then(|| path.clone().into_os_string());
    assert_eq!(gather(&["restante".into()], variable).ok().unwrap().matches.get_one("max_messages"), Some(&7_usize));
}

/// A way to set each setting: its name, and a value that its flag takes.
fn any_setting() -> impl Strategy<Value = (String, Vec<String>)> {
    let table: Vec<_> = flags::command()
        .get_arguments()
        .filter(|arg| flags::is_setting(arg))
        .map(|arg| (arg.get_long().unwrap().to_owned(), crate::cli::kind::of(arg).example.trim_matches('"').to_owned()))
        .collect();
    prop::sample::select(table).prop_flat_map(|(name, example)| {
        let values: BoxedStrategy<Vec<String>> = match name.as_str() {
            "smtp" | "submission" | "smtps" | "http" => prop::collection::vec(
                prop_oneof![
                    Just("off".to_owned()),
                    any::<u16>().prop_map(|port| port.to_string()),
                    (any::<std::net::IpAddr>(), any::<u16>())
                        .prop_map(|(host, port)| std::net::SocketAddr::new(host, port).to_string()),
                ],
                1..4,
            )
            .boxed(),
            "bind" => any::<std::net::IpAddr>().prop_map(|address| vec![address.to_string()]).boxed(),
            "max-memory" => (54_u32..9_999).prop_map(|size| vec![format!("{size}MB")]).boxed(),
            "max-message-size" => (0_u32..50 << 20).prop_map(|size| vec![size.to_string()]).boxed(),
            "idle" | "grace" => (0_u32..99_999).prop_map(|time| vec![format!("{time}ms")]).boxed(),
            "verbose" => (0_usize..3).prop_map(|times| vec![times.to_string()]).boxed(),
            "tls-name" => {
                prop::collection::vec("[*][.][a-z0-9-]{1,12}|[a-z0-9-]{1,6}([.][a-z0-9]{1,6}){0,2}", 1..4).boxed()
            }
            "allow-host" | "allow-origin" => prop::collection::vec("[^,\0]{1,12}", 1..4).boxed(),
            "tls-dir" | "tls-cert" | "tls-key" | "ready-file" => "[^\0]{1,20}".prop_map(|path| vec![path]).boxed(),
            name if name.starts_with("max-") => {
                (1_u32..1_000_000_000).prop_map(|number| vec![number.to_string()]).boxed()
            }
            "strict" | "auth-required" => any::<bool>().prop_map(|is| vec![is.to_string()]).boxed(),
            _ => Just(vec![example]).boxed(),
        };
        values.prop_map(move |values| (name.clone(), values))
    })
}

fn typed(set: &HashMap<String, Vec<String>>) -> Vec<String> {
    let pair = set.contains_key("tls-cert") && set.contains_key("tls-key");
    let mut args = Vec::new();
    for (name, values) in set {
        match name.as_str() {
            // What cannot stand together is another test's.
            "tls-cert" | "tls-key" if !pair => {}
            "tls-dir" | "tls-name" if pair => {}
            "verbose" => args.extend(vec!["-v".to_owned(); values[0].parse().unwrap()]),
            _ => args.extend(values.iter().map(|value| format!("--{name}={value}"))),
        }
    }
    args
}

proptest! {
    /// What is printed says the same when it is read back, and says so of itself.
    #[test]
    fn the_printed_settings_read_back_are_the_same(set in prop::collection::hash_map(any::<u8>(), any_setting(), 0..12)) {
        let set: HashMap<_, _> = set.into_values().collect();
        let first = gathered(&typed(&set), &[], None).unwrap();
        let text = print::as_toml(&first);
        let again = gathered(&[], &[], Some(&text)).map_err(|error| format!("{error}\n{text}")).unwrap();
        prop_assert_eq!(config(&first).unwrap(), config(&again).unwrap(), "{}", text);
        prop_assert_eq!(first.flags.verbose, again.flags.verbose);
        prop_assert_eq!(first.flags.log_format, again.flags.log_format);
        let twice = print::as_toml(&again);
        let without_places = |text: &str| {
            text.lines().filter(|line| !line.starts_with("# From ") && *line != "# The default.").count()
        };
        prop_assert_eq!(without_places(&text), without_places(&twice));
    }

    /// Whatever a file holds, it is read or refused, with its name.
    #[test]
    fn no_file_is_too_odd(text in "[a-z\\-]{0,9}( = )?[\\[\\]{}\"'0-9a-z\n#.,= -]{0,40}") {
        if let Err(refusal) = file::entries(Path::new("r.toml"), &text, &flags::command()) {
            prop_assert!(refusal.starts_with("r.toml, line "), "{}", refusal);
        }
    }
}
