//! The settings for each framework, with the ports of this run. A framework is a row of the table below.

use super::setup::{DoorTls, Setup};
use super::words::percent;

/// What to write where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// For the element's id.
    pub id: &'static str,
    /// The framework.
    pub label: &'static str,
    /// The file, or what to do with it.
    pub place: &'static str,
    /// To copy.
    pub code: String,
}

/// `{host}`, `{port}`: the plain door, else the first one. A line with `?` in front is for a mailbox, whose name is the user
/// name (`{login}`); one with `!` is for the root, where nobody need log in.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("curl", "curl", "In a shell", CURL),
    ("swaks", "swaks", "In a shell", SWAKS),
    ("node", "Node.js", "nodemailer", NODE),
    ("python", "Python", "smtplib", PYTHON),
    ("django", "Django", "settings.py", DJANGO),
    ("rails", "Rails", "config/environments/development.rb", RAILS),
    ("laravel", "Laravel", ".env", LARAVEL),
    ("sail", "Laravel Sail", ".env", SAIL),
    ("symfony", "Symfony", ".env.local", SYMFONY),
    ("spring", "Spring", "application.properties", SPRING),
    ("quarkus", "Quarkus", "application.properties", QUARKUS),
    ("micronaut", "Micronaut", "application.properties, with micronaut-email-javamail", MICRONAUT),
    ("go", "Go", "net/smtp", GO),
    ("rust", "Rust", "lettre", RUST),
    ("dotnet", ".NET", "MailKit", DOTNET),
    ("netmail", "System.Net.Mail", ".NET without packages", NETMAIL),
    ("aspire", ".NET Aspire", "the AppHost's Program.cs", ASPIRE),
    ("phoenix", "Phoenix", "config/dev.exs", PHOENIX),
    ("php", "PHP", "PHPMailer", PHP),
    ("mail", "PHP mail()", "php.ini, by way of msmtp", MAIL),
    ("wordpress", "WordPress", "functions.php, or a plug-in of your own", WORDPRESS),
    ("supabase", "Supabase", "supabase/config.toml", SUPABASE),
    ("ddev", "DDEV", ".ddev/config.yaml", DDEV),
    ("lando", "Lando", ".lando.yml", LANDO),
    ("container", "Containers", "compose and its like: the application runs in one, Restante beside it", CONTAINER),
    ("boxed", "Others", "Keycloak, GitLab, Discourse and their like, on their page of settings", BOXED),
];

/// Every row, filled in.
pub fn snippets(setup: &Setup) -> Vec<Snippet> {
    let Some(door) = setup.door(DoorTls::None).or(setup.first()) else { return Vec::new() };
    TABLE
        .iter()
        .map(|&(id, label, place, code)| {
            let login = setup.login.as_deref().filter(|login| login.chars().all(is_safe_to_paste));
            let lines = code.lines().filter_map(|line| match line.as_bytes().first() {
                Some(b'?') => login.map(|_| &line[1..]),
                Some(b'!') => login.is_none().then_some(&line[1..]),
                _ => Some(line),
            });
            let code = lines
                .collect::<Vec<_>>()
                .join("\n")
                .replace("{host}", &door.host)
                .replace("{port}", &door.port.to_string())
                .replace("{login_percent}", &percent(login.unwrap_or_default()))
                .replace("{login}", login.unwrap_or_default());
            Snippet { id, label, place, code }
        })
        .collect()
}

/// Whoever logs in names a mailbox: a name with quotes must not become a command in somebody's shell.
fn is_safe_to_paste(char: char) -> bool {
    char.is_alphanumeric() || "._@+-".contains(char)
}

const CURL: &str = r#"printf 'From: me@example.test\nTo: you@example.test\nSubject: Hello\n\nIt works.\n' |
  curl smtp://{host}:{port} --mail-from me@example.test --mail-rcpt you@example.test \
?  --user '{login}:anything' \
  --upload-file -"#;

const SWAKS: &str = r#"swaks --server {host}:{port} --from me@example.test --to you@example.test \
?  --auth PLAIN --auth-user '{login}' --auth-password anything \
  --header 'Subject: Hello' --body 'It works.'"#;

const NODE: &str = r#"const transport = nodemailer.createTransport({
  host: "{host}",
  port: {port},
  secure: false,
?  auth: { user: "{login}", pass: "anything" },
});"#;

const PYTHON: &str = r#"import smtplib

with smtplib.SMTP("{host}", {port}) as smtp:
?    smtp.login("{login}", "anything")
    smtp.sendmail("me@example.test", ["you@example.test"], "Subject: Hello\r\n\r\nIt works.")"#;

const DJANGO: &str = r#"EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "{host}"
EMAIL_PORT = {port}
EMAIL_USE_TLS = False
!EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
?EMAIL_HOST_USER = "{login}"
?EMAIL_HOST_PASSWORD = "anything""#;

const RAILS: &str = r#"config.action_mailer.delivery_method = :smtp
config.action_mailer.raise_delivery_errors = true
config.action_mailer.smtp_settings = {
?  user_name: "{login}", password: "anything", authentication: :plain,
  address: "{host}", port: {port}
}"#;

const LARAVEL: &str = r#"MAIL_MAILER=smtp
MAIL_HOST={host}
MAIL_PORT={port}
!MAIL_USERNAME=null
!MAIL_PASSWORD=null
?MAIL_USERNAME="{login}"
?MAIL_PASSWORD=anything"#;

const SAIL: &str = r#"# Restante on the host, open for containers: restante --bind 0.0.0.0
MAIL_MAILER=smtp
MAIL_HOST=host.docker.internal
MAIL_PORT={port}
!MAIL_USERNAME=null
!MAIL_PASSWORD=null
?MAIL_USERNAME="{login}"
?MAIL_PASSWORD=anything"#;

const SYMFONY: &str = r#"!MAILER_DSN=smtp://{host}:{port}
?MAILER_DSN=smtp://{login_percent}:anything@{host}:{port}"#;

const SPRING: &str = r#"spring.mail.host={host}
spring.mail.port={port}
?spring.mail.username={login}
?spring.mail.password=anything
?spring.mail.properties.mail.smtp.auth=true"#;

const QUARKUS: &str = r#"quarkus.mailer.mock=false
quarkus.mailer.host={host}
quarkus.mailer.port={port}
quarkus.mailer.start-tls=DISABLED
?quarkus.mailer.username={login}
?quarkus.mailer.password=anything
quarkus.mailer.from=me@example.test"#;

const MICRONAUT: &str = r#"javamail.properties.mail.smtp.host={host}
javamail.properties.mail.smtp.port={port}
?javamail.properties.mail.smtp.auth=true
?javamail.authentication.username={login}
?javamail.authentication.password=anything
micronaut.email.from.email=me@example.test"#;

const GO: &str = r#"!var auth smtp.Auth // none is needed
?auth := smtp.PlainAuth("", "{login}", "anything", "{host}")
err := smtp.SendMail("{host}:{port}", auth,
	"me@example.test", []string{"you@example.test"},
	[]byte("Subject: Hello\r\n\r\nIt works.\r\n"))"#;

const RUST: &str = r#"let transport = SmtpTransport::builder_dangerous("{host}")
?    .credentials(Credentials::new("{login}".into(), "anything".into()))
    .port({port})
    .build();"#;

const DOTNET: &str = r#"using var client = new SmtpClient();
client.Connect("{host}", {port}, SecureSocketOptions.None);
?client.Authenticate("{login}", "anything");
client.Send(message);"#;

const NETMAIL: &str = r#"using var client = new System.Net.Mail.SmtpClient("{host}", {port});
?client.Credentials = new System.Net.NetworkCredential("{login}", "anything");
client.Send("me@example.test", "you@example.test", "Hello", "It works.");"#;

const ASPIRE: &str = r#"builder.AddProject<Projects.MyApp>("app")
?    .WithEnvironment("SMTP_USER", "{login}")
?    .WithEnvironment("SMTP_PASSWORD", "anything")
    .WithEnvironment("SMTP_HOST", "{host}")
    .WithEnvironment("SMTP_PORT", "{port}");"#;

const PHOENIX: &str = r#"config :my_app, MyApp.Mailer,
  adapter: Swoosh.Adapters.SMTP,
  relay: "{host}",
  port: {port},
?  username: "{login}", password: "anything", auth: :always,
!  auth: :never,
  tls: :never"#;

const PHP: &str = r#"$mail->isSMTP();
$mail->Host = '{host}';
$mail->Port = {port};
?$mail->SMTPAuth = true;
?$mail->Username = '{login}';
?$mail->Password = 'anything';
$mail->SMTPAutoTLS = false;"#;

const MAIL: &str = r#"!sendmail_path = "/usr/bin/msmtp --host={host} --port={port} --from=me@example.test -t"
?sendmail_path = "/usr/bin/msmtp --host={host} --port={port} --auth=plain --tls=off --user={login} --passwordeval='echo anything' --from=me@example.test -t""#;

const WORDPRESS: &str = r#"add_action('phpmailer_init', function ($mail) {
  $mail->isSMTP();
  $mail->Host = '{host}';
  $mail->Port = {port};
?  $mail->SMTPAuth = true;
?  $mail->Username = '{login}';
?  $mail->Password = 'anything';
  $mail->SMTPAutoTLS = false;
});"#;

// Its services run in containers and want a user name, whether there is a mailbox or not.
const SUPABASE: &str = r#"[auth.email.smtp]
enabled = true
host = "host.docker.internal"
port = {port}
!user = "default"
?user = "{login}"
pass = "anything"
admin_email = "me@example.test""#;

const DDEV: &str = r#"# Restante on the host, open for containers: restante --bind 0.0.0.0
web_environment:
?  - MAIL_USERNAME={login}
?  - MAIL_PASSWORD=anything
  - MAIL_HOST=host.docker.internal
  - MAIL_PORT={port}"#;

const LANDO: &str = r#"# Restante on the host, open for containers: restante --bind 0.0.0.0
services:
  appserver:
    overrides:
      environment:
?        MAIL_USERNAME: "{login}"
?        MAIL_PASSWORD: anything
        MAIL_HOST: host.lando.internal
        MAIL_PORT: {port}"#;

const CONTAINER: &str = r#"# Restante must be open beyond this machine's own addresses:
#   restante --bind 0.0.0.0
# Inside the container (on Linux with: extra_hosts: ["host.docker.internal:host-gateway"])
SMTP_HOST=host.docker.internal
SMTP_PORT={port}
?SMTP_USER={login}
?SMTP_PASSWORD=anything"#;

const BOXED: &str = r#"Host            {host}
Port            {port}
Encryption      none
!Authentication  none, or any user name and password
?User name       {login}
?Password        anything"#;

#[cfg(test)]
mod tests {
    use super::super::setup::Door;
    use super::*;

    #[test]
    fn every_row_is_filled_in_for_the_root_and_for_a_mailbox() {
        let evil = Some("'; rm -rf ~; '".to_owned());
        let door = Door { host: "localhost".into(), port: 2525, ..Door::default() };
        for login in [None, Some("worker-3".to_owned()), evil] {
            let snippets = snippets(&Setup { doors: vec![door.clone()], login: login.clone(), ..Setup::default() });
            assert_eq!(snippets.len(), TABLE.len());
            for Snippet { code, id, .. } in snippets {
                let reachable =
                    ["localhost", "host.docker.internal", "host.lando.internal"].iter().any(|host| code.contains(host));
                assert!(code.contains("2525") && reachable, "{id}");
                assert_eq!(code.contains("worker-3"), login.as_deref() == Some("worker-3"), "{id}");
                assert!(!code.contains("rm -rf"));
                let marked = code.lines().any(|line| line.starts_with(['?', '!']));
                assert!(
                    !marked && !code.contains("{host") && !code.contains("{port") && !code.contains("{login"),
                    "{id}"
                );
            }
        }
    }
}
