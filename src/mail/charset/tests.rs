use super::*;

/// <https://encoding.spec.whatwg.org/#names-and-labels>, each encoding with all its labels and a sample of its bytes;
/// then what mail has beside it.
const TABLE: &[(&str, &[u8], &str)] = &[
    ("unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8", "Größe €".as_bytes(), "Größe €"),
    ("866 cp866 csibm866 ibm866", b"\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"),
    (
        "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
        b"Za\xbf\xf3\xb3\xe6",
        "Zażółć",
    ),
    (
        "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
        b"\xd5urnata",
        "Ġurnata",
    ),
    (
        "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
        b"\xd3\xbani\xf1\xb9",
        "Ķēniņš",
    ),
    (
        "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
        b"\xbf\xe0\xd8\xd2\xd5\xe2",
        "Привет",
    ),
    (
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
        b"\xe5\xd1\xcd\xc8\xc7",
        "مرحبا",
    ),
    (
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek",
        b"\xc3\xe5\xe9\xdc",
        "Γειά",
    ),
    (
        "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual",
        b"\xf9\xec\xe5\xed",
        "שלום",
    ),
    ("csiso88598i iso-8859-8-i logical", b"\xf9\xec\xe5\xed", "שלום"),
    ("csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6", b"\xde\xf3r\xf0ur", "Þórður"),
    ("iso-8859-13 iso8859-13 iso885913", b"\xde\xe0sis", "Žąsis"),
    ("iso-8859-14 iso8859-14 iso885914", b"\xd0yn \xa2", "Ŵyn ḃ"),
    ("csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9", b"5 \xa4 \xbd", "5 € œ"),
    ("iso-8859-16", b"\xaatefan", "Ștefan"),
    ("cskoi8r koi koi8 koi8-r koi8_r", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
    ("koi8-ru koi8-u", b"\xb7\xd6\xc1\xcb", "Їжак"),
    ("csmacintosh mac macintosh x-mac-roman", b"Gr\x9a\xa7e", "Größe"),
    ("dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874", b"\xca\xc7\xd1\xca\xb4\xd5", "สวัสดี"),
    ("cp1250 windows-1250 x-cp1250", b"Za\xbf\xf3\xb3\xe6", "Zażółć"),
    ("cp1251 windows-1251 x-cp1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
    (
        "cp1252 cp819 ibm819 csisolatin1 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252",
        b"Gr\xf6\xdfe \x80",
        "Größe €",
    ),
    ("cp1253 windows-1253 x-cp1253", b"\xc3\xe5\xe9\xdc", "Γειά"),
    (
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254",
        b"\xdd\xf0ne",
        "İğne",
    ),
    ("cp1255 windows-1255 x-cp1255", b"\xf9\xec\xe5\xed", "שלום"),
    ("cp1256 windows-1256 x-cp1256", b"\xe3\xd1\xcd\xc8\xc7", "مرحبا"),
    ("cp1257 windows-1257 x-cp1257", b"\xde\xe0sis", "Žąsis"),
    ("cp1258 windows-1258 x-cp1258", b"\xd0\xe1", "Đá"),
    ("x-mac-cyrillic x-mac-ukrainian", b"\x8f\xf0\xe8\xe2\xe5\xf2", "Привет"),
    (
        "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030",
        b"\xd6\xd0\xce\xc4",
        "中文",
    ),
    ("big5 big5-hkscs cn-big5 csbig5 x-x-big5", b"\xa4\xa4\xa4\xe5", "中文"),
    ("cseucpkdfmtjapanese euc-jp x-euc-jp", b"\xc6\xfc\xcb\xdc", "日本"),
    ("csiso2022jp iso-2022-jp", b"\x1b$BF|K\\\x1b(B", "日本"),
    ("csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis", b"\x93\xfa\x96{", "日本"),
    (
        "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
        b"\xbe\xc8\xb3\xe7",
        "안녕",
    ),
    ("unicodefffe utf-16be", b"\0h\0\xe9", "hé"),
    ("csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le", b"h\0\xe9\0", "hé"),
    ("x-user-defined", b"\x80", "\u{f780}"),
    // Mail's own
    ("cp437 ibm437 csPC8CodePage437 437", b"Gr\x94\xe1e \xab", "Größe ½"),
    ("cp737", b"\x82\x9c\xa0\xe1", "Γειά"),
    ("ibm775 cp775", b"\xcf\xd0sis", "Žąsis"),
    ("cp850 ibm850 850 csPC850Multilingual IBM-850", b"Gr\x94\xe1e \x9b", "Größe ø"),
    ("cp852 ibm852 csPCp852", b"Za\xbe\xa2\x88\x86", "Zażółć"),
    ("cp855 ibm855", b"\xdd\xe1\xb7\xeb\xa8\xe5", "Привет"),
    ("cp857 ibm857", b"\x98\xa7ne", "İğne"),
    ("cp858 ibm00858", b"5 \xd5", "5 €"),
    ("cp860 ibm860", b"a\x87\x84o", "ação"),
    ("cp861", b"\x8d\xa2r", "Þór"),
    ("cp862", b"\x99\x8c\x85\x8d", "שלום"),
    ("cp863", b"No\x89l", "Noël"),
    ("cp865", b"\x92r\x9b", "Ærø"),
    ("cp869", b"\xa6\xde\xe3\x9b", "Γειά"),
    ("x-mac-greek", b"\xa1\xe5\xe9\xc0", "Γειά"),
    ("x-mac-ce x-mac-centraleurroman", b"Za\xfd\x97\xb8\x8d", "Zażółć"),
    ("x-mac-turkish", b"\xdc\xdbne", "İğne"),
    ("x-mac-icelandic", b"\xde\x97r", "Þór"),
    ("x-mac-croatian", b"\xc8a\xf0", "Čađ"),
    ("x-mac-romanian", b"\xaftefan", "Ștefan"),
    ("cp932 windows-932", b"\x93\xfa\x96{", "日本"),
    ("cp936 ms936 euc-cn x-gb2312", b"\xd6\xd0\xce\xc4", "中文"),
    ("cp949 uhc euckr", b"\xbe\xc8\xb3\xe7", "안녕"),
    ("cp950 ms950", b"\xa4\xa4\xa4\xe5", "中文"),
    ("windows1251 win-1251 win1251 x-windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
    ("latin-1 ansi cp-1252 windows-28591", b"Gr\xf6\xdfe", "Größe"),
    ("iso-2022-jp-1 iso-2022-jp-ms cp50221", b"\x1b$(D0!\x1b$BFs\x1b(IJ[\x1b(J\\\x1b(B", "丂二ﾊﾛ¥"),
    ("iso-2022-jp-2", b"\x1b$BF|\x1b$AVP\x1b$(C>H\x1b(B\x1b.A\x1bNi", "日中안é"),
    ("iso-2022-kr csiso2022kr", b"\x1b$)C\x0e>H3g\x0f!", "안녕!"),
    ("iso-2022-cn iso-2022-cn-ext", b"\x1b$)A\x0eVPND\x0f.", "中文."),
    ("hz-gb-2312 hz", b"~{VPND~}~~", "中文~"),
    ("utf-7 utf7 unicode-1-1-utf-7", b"Gr+APYA3w-e", "Größe"),
    ("utf-32 utf-32le ucs-4le", b"h\0\0\0\xe9\0\0\0\xac \0\0", "hé€"),
    ("utf-32 utf-32be ucs-4", b"\0\0\0h\0\0\0\xe9\0\0 \xac", "hé€"),
    ("utf-32", b"\xff\xfe\0\0h\0\0\0", "h"),
    ("us-ascii ascii ANSI_X3.4-1968 7bit", b"plain", "plain"),
];

#[test]
fn every_label_reads_its_sample() {
    let mut labels = 0;
    for (names, bytes, expected) in TABLE {
        for name in names.split(' ') {
            let Text { text, label } = decode(Some(name), bytes);
            assert_eq!((&*text, label), (*expected, Label::Right), "{name}");
            labels += 1;
        }
    }
    assert!(labels > 290, "{labels} labels");
}

#[test]
fn labels_wrong_unknown_and_absent() {
    use Label::{Broken, Missing, Right, Unknown, Wrong};
    let grusse = "Grüße".as_bytes();
    let rows: &[(Option<&str>, &[u8], &str, Label)] = &[
        (None, grusse, "Grüße", Missing("UTF-8")),
        (None, b"Gr\xfc\xdfe", "Grüße", Missing("windows-1252")),
        (None, b"\x1b$B%O%m!<\x1b(B", "ハロー", Missing("ISO-2022-JP")),
        (None, b"\xef\xbb\xbfmarked", "marked", Missing("UTF-8")),
        (None, b"plain", "plain", Right),
        (Some("us-ascii"), grusse, "Grüße", Wrong("UTF-8")),
        (Some("us-ascii"), b"\x1b$B%O%m!<\x1b(B", "ハロー", Wrong("ISO-2022-JP")),
        (Some("iso-8859-1"), grusse, "Grüße", Wrong("UTF-8")),
        (Some("windows-1252"), grusse, "Grüße", Wrong("UTF-8")),
        (Some("windows-1251"), grusse, "Grüße", Wrong("UTF-8")),
        (Some("koi8-r"), "Привет".as_bytes(), "Привет", Wrong("UTF-8")),
        (Some("cp437"), grusse, "Grüße", Wrong("UTF-8")),
        (Some("utf-7"), grusse, "Grüße", Wrong("UTF-8")),
        (Some("iso-2022-jp"), "日本".as_bytes(), "日本", Wrong("UTF-8")),
        (Some("euc-jp"), "日本".as_bytes(), "日本", Wrong("UTF-8")),
        (
            Some("utf-16"),
            "Grüße without any zero in them, none".as_bytes(),
            "Grüße without any zero in them, none",
            Wrong("UTF-8"),
        ),
        (Some("utf-16"), b"\0h\0i", "hi", Right),
        (Some("utf-16be"), b"\xff\xfeh\0i\0", "hi", Right),
        (Some("UTF-8"), b"Gr\xfc\xdfe", "Grüße", Wrong("windows-1252")),
        (
            Some("utf-8"),
            b"\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0 \xf3 \xf2\xe5\xe1\xff?",
            "Привет, как дела у тебя?",
            Wrong("windows-1251"),
        ),
        (Some("utf-8"), "Grüße \u{e9}".as_bytes().split_last().unwrap().1, "Grüße \u{fffd}", Broken),
        (Some("utf-8"), b"\xc3\xbc \xc3", "ü \u{fffd}", Broken),
        (Some("utf-8"), b"caf\xe9", "café", Wrong("windows-1252")),
        (Some("utf-8"), b"a\xed\xa0\x80b", "a\u{fffd}\u{fffd}\u{fffd}b", Broken),
        (Some("utf-8"), b"\xed\xa0\xbd\xed\xb3\xae", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}", Broken),
        (Some("x-unknown"), b"Gr\xfc\xdfe", "Grüße", Unknown("windows-1252")),
        (Some("x-unknown"), b"", "", Unknown(ASCII)),
        (Some(" ISO-8859-1 "), b"Gr\xfc\xdfe", "Grüße", Right),
    ];
    for (said, bytes, expected, label) in rows {
        let read = decode(*said, bytes);
        assert_eq!((&*read.text, read.label), (*expected, *label), "{said:?} {bytes:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_under_any_label_are_a_text(bytes: Vec<u8>, row in 0..TABLE.len()) {
        for label in TABLE[row].0.split(' ') {
            decode(Some(label), &bytes);
        }
        decode(None, &bytes);
    }
}
