//! By what a reader would be followed: signs in the addresses of images and links. A sign is a reason to look, not a
//! proof; nothing is fetched to find out. Each kind is a row of a table below.

use super::html::{Kind, Remote};
use percent_encoding::percent_decode_str;
use std::fmt;

/// Why an address looks as if it followed its reader.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// An image of one pixel, or hidden.
    Unseen,
    /// A word in its path that such addresses have.
    Word(&'static str),
    /// A parameter that names a campaign or a reader.
    Parameter(String),
    /// A long word of chance in an image's address: it may name one reader.
    Token,
    /// It leads to another host, by way of its own.
    Redirect(String),
    /// Its host is known to count clicks and openings.
    Counter,
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unseen => f.write_str("one pixel, or hidden"),
            Self::Word(word) => write!(f, "“{word}” in its path"),
            Self::Parameter(name) => write!(f, "parameter {name}"),
            Self::Token => f.write_str("a token that may name the reader"),
            Self::Redirect(host) => write!(f, "leads on to {host}"),
            Self::Counter => f.write_str("a host that counts"),
        }
    }
}

/// The signs of something that would be fetched.
pub fn of_remote(remote: &Remote) -> Vec<Sign> {
    let address = Address::read(&remote.url);
    let mut signs = Vec::new();
    let is_image = remote.what == Kind::Image;
    signs.extend((is_image && remote.unseen).then_some(Sign::Unseen));
    signs.extend(is_counter(&address.host).then_some(Sign::Counter));
    if is_image {
        signs.extend(WORDS.iter().copied().find(|word| address.words().any(|have| have == *word)).map(Sign::Word));
    }
    signs.extend(address.parameter());
    // A picture's name is often made of chance: only what nobody sees, or what is asked with it, tells of a reader.
    let values = address.query.iter().map(|(_, value)| value.as_str());
    let segments = address.path.split('/').filter(|_| remote.unseen);
    signs.extend((is_image && values.chain(segments).any(is_token)).then_some(Sign::Token));
    signs
}

/// The signs of a link.
pub fn of_link(url: &str) -> Vec<Sign> {
    let address = Address::read(url);
    let mut signs = Vec::new();
    signs.extend(is_counter(&address.host).then_some(Sign::Counter));
    signs.extend(address.leads_on().map(Sign::Redirect));
    signs.extend(address.parameter());
    signs
}

/// The host of an address, in lower case; empty if it has none.
pub fn host(url: &str) -> String {
    Address::read(url).host
}

/// An address in its pieces.
struct Address {
    host: String,
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    fn read(url: &str) -> Self {
        let url = &url[..url.floor_char_boundary(URL_BYTES_MAX)];
        let rest = url.find(':').filter(|&at| url[..at].bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let rest = rest.map_or(url, |at| &url[at + 1..]).trim_start_matches(['/', '\\']);
        let rest = rest.split('#').next().unwrap_or_default();
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.find(['/', '\\']).map_or((place, ""), |at| place.split_at(at));
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
            .map_or(host, |(host, _)| host);
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name).to_ascii_lowercase(), decoded(value))
        };
        let query = query.split(['&', ';']).filter(|pair| !pair.is_empty()).take(PARAMETERS_MAX).map(pair).collect();
        Self { host: host.to_ascii_lowercase(), path: path.to_owned(), query }
    }

    fn words(&self) -> impl Iterator<Item = String> {
        let path = self.path.to_ascii_lowercase();
        path.split(|char: char| !char.is_ascii_alphanumeric()).map(str::to_owned).collect::<Vec<_>>().into_iter()
    }

    /// The first parameter that is one of the table.
    fn parameter(&self) -> Option<Sign> {
        let known = |name: &str| {
            PARAMETERS.iter().any(|row| match row.strip_suffix('*') {
                Some(head) => name.starts_with(head),
                None => name == *row,
            })
        };
        let (name, _) = self.query.iter().find(|(name, _)| known(name))?;
        Some(Sign::Parameter(name[..name.floor_char_boundary(NAME_BYTES_MAX)].to_owned()))
    }

    /// The other host that a parameter names, or the rest of the path.
    fn leads_on(&self) -> Option<String> {
        let path = percent_decode_str(&self.path).decode_utf8_lossy();
        let in_path = path.find("http://").or_else(|| path.find("https://")).map(|at| path[at..].to_owned());
        let values = self.query.iter().map(|(_, value)| value.clone());
        let hosts = values.chain(in_path).filter(|value| value.starts_with("http://") || value.starts_with("https://"));
        hosts.map(|url| host(&url)).find(|other| !other.is_empty() && *other != self.host)
    }
}

fn is_counter(host: &str) -> bool {
    COUNTERS.iter().any(|row| match row.strip_suffix('*') {
        Some(head) => host.starts_with(head),
        None => host == *row || host.strip_suffix(row).is_some_and(|sub| sub.ends_with('.')),
    })
}

/// Sixteen letters and digits or more, mixed, none of it a word or a plain number.
fn is_token(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=%+~".contains(&byte);
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    let letters = stem.bytes().filter(u8::is_ascii_alphabetic).count();
    stem.len() >= TOKEN_BYTES_MIN && stem.bytes().all(fits) && digits >= 3 && letters >= 3
}

/// Words of paths that are asked for to count who opens a mail.
const WORDS: &[&str] = &["pixel", "beacon", "track", "tracking", "open", "opened", "opens", "impression", "wf"];

/// Parameters; a star stands for whatever follows.
const PARAMETERS: &[&str] = &[
    "utm_*",
    "mc_eid",
    "mc_cid",
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "igshid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "oly_enc_id",
    "oly_anon_id",
    "trk_*",
    "ml_subscriber*",
    "ck_subscriber_id",
    "s_cid",
    "wickedid",
    "pk_campaign",
    "mtm_*",
    "matomo_*",
    "sc_eh",
    "elqtrackid",
    "bsft_*",
    "ncid",
    "cmpid",
    "spm",
];

/// Hosts; one that ends in a star is a beginning, another is itself and all below it.
const COUNTERS: &[&str] = &[
    "click.*",
    "clicks.*",
    "track.*",
    "tracking.*",
    "trk.*",
    "pixel.*",
    "links.*",
    "email-links.*",
    "list-manage.com",
    "mandrillapp.com",
    "sendgrid.net",
    "mailgun.org",
    "mjt.lu",
    "sparkpostmail.com",
    "hubspotlinks.com",
    "hs-sales-engage.com",
    "awstrack.me",
    "exacttarget.com",
    "customeriomail.com",
    "klclick.com",
    "klaviyomail.com",
    "rs6.net",
    "createsend.com",
    "cmail19.com",
    "cmail20.com",
    "sendibt2.com",
    "sendibm1.com",
    "google-analytics.com",
    "doubleclick.net",
    "mailtrack.io",
    "getnotify.com",
    "litmus.com",
    "emltrk.com",
    "pstmrk.it",
    "mlsend.com",
];

const TOKEN_BYTES_MIN: usize = 16;
const URL_BYTES_MAX: usize = 8 << 10;
const NAME_BYTES_MAX: usize = 40;
const PARAMETERS_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn image(url: &str, unseen: bool) -> String {
        words(of_remote(&Remote { url: url.into(), what: Kind::Image, unseen }))
    }

    fn words(signs: Vec<Sign>) -> String {
        signs.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn images_that_follow_are_told_from_pictures() {
        for (url, unseen, signs) in [
            ("https://shop.test/logo.png", false, ""),
            ("https://cdn.shop.test/9f86d081884c7d659a2feaa0c55ad015.png", false, ""),
            ("https://shop.test/o.gif", true, "one pixel, or hidden"),
            (
                "https://shop.test/o/9f86d081884c7d659a2feaa0c55ad015",
                true,
                "one pixel, or hidden; a token that may name the reader",
            ),
            ("https://shop.test/wf/open?upn=u001.abc", false, "“open” in its path"),
            ("https://shop.test/a.png?r=9f86d081884c7d659a2f", false, "a token that may name the reader"),
            ("https://u1.ct.sendgrid.net/a.png", false, "a host that counts"),
            ("//pixel.shop.test/a.png?UTM_Source=x", false, "a host that counts; parameter utm_source"),
            ("https://notsendgrid.net/opening/hours.png", false, ""),
            ("", false, ""),
        ] {
            assert_eq!(image(url, unseen), signs, "{url}");
        }
    }

    #[test]
    fn links_that_pass_through_another_host_say_where_they_lead() {
        for (url, signs) in [
            ("https://shop.test/confirm?token=9f86d081884c7d659a2feaa0c55ad015", ""),
            ("https://shop.test/?utm_campaign=spring", "parameter utm_campaign"),
            ("https://r.shop.test/l?u=https%3A%2F%2Fother.test%2Fx", "leads on to other.test"),
            ("https://r.shop.test/l/https%3A%2F%2Fother.test%2Fx", "leads on to other.test"),
            ("https://shop.test/login?next=https://shop.test/home", ""),
            ("https://user@click.shop.test:8080/x", "a host that counts"),
            ("mailto:a@b.test", ""),
        ] {
            assert_eq!(words(of_link(url)), signs, "{url}");
        }
        assert_eq!(host("HTTPS://Bank.test@Evil.test:1/x"), "evil.test");
    }
}
