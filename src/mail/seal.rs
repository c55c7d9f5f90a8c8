//! What a message is wrapped in, in words: signed, encrypted, packed by Outlook. Named, never checked or opened.

use super::header::fields;
use super::parameter::Parameters;
use super::structure::Part;
use super::view::View;

/// A sentence for each kind of wrapping in the message.
pub fn seals(view: &View, raw: &[u8]) -> Vec<&'static str> {
    let mut told = Vec::new();
    let mut tell = |sentence: Option<&'static str>| {
        if let Some(sentence) = sentence.filter(|sentence| !told.contains(sentence)) {
            told.push(sentence);
        }
    };
    for part in &view.structure.parts {
        tell(of_part(part, raw));
    }
    for part in view.text_parts() {
        tell(in_text(&part.text_head(raw, LOOKED_BYTES_MAX)));
    }
    told
}

fn of_part(part: &Part, raw: &[u8]) -> Option<&'static str> {
    match &*part.content_type {
        // RFC 1847 §2: the protocol says by what.
        "multipart/signed" => Some(match parameter(part, raw, "protocol") {
            protocol if protocol.contains("pgp") => SIGNED_PGP,
            protocol if protocol.contains("pkcs7") => SIGNED_SMIME,
            _ => "Signed (multipart/signed); the signature is not checked.",
        }),
        "multipart/encrypted" => Some(match parameter(part, raw, "protocol") {
            protocol if protocol.contains("pgp") => ENCRYPTED_PGP,
            _ => "Encrypted (multipart/encrypted); it is not decrypted.",
        }),
        // RFC 8551 §3.2.
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            Some(match parameter(part, raw, "smime-type").as_str() {
                "signed-data" => "Signed with S/MIME, its content inside the signature; it is not opened.",
                "enveloped-data" | "authenveloped-data" => "Encrypted with S/MIME; it is not decrypted.",
                "compressed-data" => "Compressed with S/MIME; it is not opened.",
                "certs-only" => "Certificates of S/MIME.",
                _ => "Wrapped by S/MIME, signed or encrypted; it is not opened.",
            })
        }
        "application/ms-tnef" | "application/vnd.ms-tnef" => Some(TNEF),
        _ if part.file_name().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat")) => Some(TNEF),
        _ => None,
    }
}

/// RFC 4880 §6.2: PGP without MIME.
fn in_text(text: &str) -> Option<&'static str> {
    text.split(['\r', '\n']).find_map(|line| match line.trim_end() {
        "-----BEGIN PGP SIGNED MESSAGE-----" => Some(SIGNED_PGP),
        "-----BEGIN PGP MESSAGE-----" => Some(ENCRYPTED_PGP),
        _ => None,
    })
}

fn parameter(part: &Part, raw: &[u8], name: &str) -> String {
    let field = fields(raw, part.header.clone()).find(|field| field.is("Content-Type"));
    let value = field.map(|field| Parameters::read(&field.unfolded()).get(name).unwrap_or("").to_ascii_lowercase());
    value.unwrap_or_default()
}

const SIGNED_PGP: &str = "Signed with PGP; the signature is not checked.";
const SIGNED_SMIME: &str = "Signed with S/MIME; the signature is not checked.";
const ENCRYPTED_PGP: &str = "Encrypted with PGP; it is not decrypted.";
const TNEF: &str = "winmail.dat: Outlook's own wrapping (TNEF) of text and files. It is kept as sent, not opened.";
const LOOKED_BYTES_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappings_are_named() {
        for (raw, word) in [
            (
                "Content-Type: multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"\n\n--b\n\nx\n--b--",
                "Signed with S/MIME;",
            ),
            (
                "Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"\n\n--b\n\nx\n--b--",
                "Signed with PGP",
            ),
            (
                "Content-Type: multipart/encrypted; boundary=b; protocol=application/pgp-encrypted\n\n--b\n\nx\n--b--",
                "Encrypted with PGP",
            ),
            ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx", "Encrypted with S/MIME"),
            ("Content-Type: application/pkcs7-mime\n\nx", "Wrapped by S/MIME"),
            ("Content-Type: application/octet-stream; name=WINMAIL.DAT\n\nx", "winmail.dat"),
            ("A: b\n\n-----BEGIN PGP MESSAGE-----\nx", "Encrypted with PGP"),
        ] {
            let told = seals(&View::read(raw.as_bytes()), raw.as_bytes());
            assert!(told.len() == 1 && told[0].starts_with(word), "{raw}: {told:?}");
        }
        assert!(seals(&View::read(b"A: b\n\nplain"), b"A: b\n\nplain").is_empty());
    }
}
