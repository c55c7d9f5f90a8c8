use super::*;

fn part(reference: &str) -> Option<String> {
    reference.contains("logo").then(|| format!("part/{}", reference.len()))
}

fn shown(html: &str) -> String {
    prepare(html, part, false).html
}

fn remote(html: &str) -> String {
    let prepared = prepare(html, part, false);
    assert!(!prepared.html.contains("http://x"), "{}", prepared.html);
    prepared.remote.iter().map(|one| format!("{}={};", one.what.name(), one.url)).collect()
}

#[test]
fn pictures_of_the_message_are_found_however_they_are_referred_to() {
    for (html, expected) in [
        ("<img src=\"cid:logo\">", "<img src=\"part/4\">"),
        ("<img src=cid:logo@x.test>", "<img src=\"part/11\">"),
        ("<img src='CID:logo+a=b%40c&amp;d'>", "<img src=\"part/14\">"),
        ("<img srcset=\"cid:logo 1x, cid:none 2x,cid:logo2 3x\">", "<img srcset=\"part/4 1x, part/5 3x\">"),
        ("<td background=cid:logo>", "<td background=\"part/4\">"),
        ("<p style=\"background:url(cid:logo)\">", "<p style=\"background:url(&quot;part/4&quot;)\">"),
        ("<p style='background:url(&quot;cid:logo&quot;)'>", "<p style=\"background:url(&quot;part/4&quot;)\">"),
        ("<style>p{background:url('cid:logo')}</style>", "<style>p{background:url(\"part/4\")}</style>"),
        ("<img src=logo.png>", "<img src=\"part/8\">"),
        ("<img src=http://y/logo>", "<img src=\"part/13\">"),
        ("<a href=cid:logo>x</a>", "<a href=\"part/4\" target=\"_blank\" rel=\"noreferrer noopener\">x</a>"),
        ("<img src=cid:none alt=x>", "<img alt=x>"),
        ("<img src=data:image/png;base64,AA==>", "<img src=data:image/png;base64,AA==>"),
    ] {
        assert_eq!(shown(html), expected, "{html}");
    }
}

#[test]
fn what_acts_is_taken_out() {
    for (html, expected) in [
        ("a<script>alert(1)</script>b", "ab"),
        ("<link rel=stylesheet href=http://x/><base href=http://x/>", ""),
        ("<meta http-equiv=refresh content='0;url=http://x/'><meta charset=x>", "<meta charset=x>"),
        ("<iframe src=http://x/>in</iframe><embed src=http://x/>z", "z"),
        ("<object data=http://x/>instead</object>", "instead"),
        ("<form action=http://x/ method=post>", "<form method=post>"),
        ("<button formaction=http://x/>", "<button>"),
        ("<img onerror=alert(1) ONLOAD=x alt=y>", "<img alt=y>"),
        ("<svg onload=alert(1)><g/></svg>", "<svg><g/></svg>"),
        ("<a href=\"java&#10;script&colon;alert(1)\" ping=http://x/>x</a>", "<a>x</a>"),
        ("<a href=\" data:text/html,x\">x</a>", "<a>x</a>"),
        ("<a href=/api/v1/messages>x</a>", "<a>x</a>"),
        ("<animate values=javascript:alert(1)>", "<animate>"),
        ("<noscript><img src=http://x/></noscript>", "<x-script><img></x-script>"),
    ] {
        assert_eq!(shown(html), expected, "{html}");
    }
}

#[test]
fn what_a_browser_may_see_where_the_rewriter_sees_text_is_no_tag() {
    for html in [
        "<svg/><style><a title=\"</style><img src=http://x/>\"></style>",
        "<svg/><style><!--</style><img src=http://x/>--></style>",
        "<svg/><![CDATA[><img src=http://x/>]]>",
        "<svg><![CDATA[><img src=http://x/>]]></svg>",
        "<svg><style><![CDATA[a{b:url(http://x/)}]]></style></svg>",
        "<svg><style>a{b:u&#114;l(http://x/)}</style></svg>",
        "<svg><style>a{b:ur<!-- -->l(http://x/)}</style></svg>",
        "<math><mtext></p><style><a title=\"</style><img src=http://x/>\">",
        "<select><xmp></select><img src=http://x/></xmp>",
        "<textarea><img src=http://x/></textarea>",
        "<p title='<img src=http://x/>'>",
        "<!--><img src=http://x/>-->",
        "<a <img src=http://x/>",
        "<svg><a><set attributeName=href to=http://x/></a></svg>",
        "<svg><set attributeName=fill to=url(http://x/)></svg>",
        "<svg><rect fill=url(http://x/) MASK='url(http://x/)'/></svg>",
    ] {
        let prepared = shown(html);
        // No tag, no function, no animation; what is left of it is text to everybody.
        let live = ["<img src=http", "url(http", "attributeName=href"].into_iter().find(|live| prepared.contains(live));
        assert_eq!(live, None, "{html}: {prepared}");
    }
    // What was raw text stays readable, and a style sheet in its old wrapping stays one.
    assert_eq!(shown("<textarea>a < b</textarea>"), "<textarea>a <  b</textarea>");
    assert_eq!(shown("<style><!-- p{c:d} --></style>"), "<style>  p{c:d}  </style>");
    assert_eq!(shown("<meta name=Referrer content=unsafe-url>"), "");
}

#[test]
fn links_leave_the_frame_without_referrer_or_opener() {
    let opened = "target=\"_blank\" rel=\"noreferrer noopener\"";
    assert_eq!(shown("<a href=http://x/ target=_top>x</a>"), format!("<a href=http://x/ {opened}>x</a>"));
    assert_eq!(
        shown("<map><area href=//x/ rel=opener></map>"),
        format!("<map><area href=//x/ {}></map>", "rel=\"noreferrer noopener\" target=\"_blank\"")
    );
    assert_eq!(shown("<a href=mailto:a@b>x</a>"), format!("<a href=mailto:a@b {opened}>x</a>"));
    // Within the document there is nowhere to go to.
    assert_eq!(shown("<a href=#top>x</a>"), "<a href=#top>x</a>");
}

#[test]
fn what_would_be_fetched_is_told_once_each() {
    for (html, expected) in [
        (
            "<img src=http://x/a><img src='http://x/a'><img src=\"http://x/b?c&amp;d\">",
            "image=http://x/a;image=http://x/b?c&d;",
        ),
        (
            "<img srcset='http://x/a 1x,http://x/b'><input type=image src=http://x/c>",
            "image=http://x/a;image=http://x/b;image=http://x/c;",
        ),
        ("<body background=http://x/a><p style='background:url(http://x/b)'>", "image=http://x/a;image=http://x/b;"),
        (
            "<style>@import 'http://x/a'; @font-face{src:url(http://x/b)} p{c:url(http://x/d)}</style>",
            "style sheet=http://x/a;font=http://x/b;image=http://x/d;",
        ),
        (
            "<link rel=stylesheet href=http://x/a><link rel=icon href=http://x/b>",
            "style sheet=http://x/a;other=http://x/b;",
        ),
        (
            "<video src=http://x/a poster=http://x/b><audio src=http://x/c>",
            "media=http://x/a;image=http://x/b;media=http://x/c;",
        ),
        ("<iframe src=http://x/a>", "other=http://x/a;"),
        ("<svg><image href=http://x/a /><use xlink:href=http://x/b /></svg>", "image=http://x/a;other=http://x/b;"),
        ("<img src=//x/a>", "image=//x/a;"),
        ("<img src=cid:none><img src=data:,x><a name=x>", ""),
    ] {
        assert_eq!(remote(html), expected, "{html}");
    }
}

#[test]
fn pictures_of_others_stay_if_allowed() {
    let html = "<img src=\"http://x/a\"><p style=\"background:url(http://x/b)\"><link rel=stylesheet href=http://x/c>";
    let prepared = prepare(html, part, true);
    assert_eq!(prepared.html, "<img src=\"http://x/a\"><p style=\"background:url(http://x/b)\">");
    assert_eq!(prepared.remote.len(), 3);
}

#[test]
fn html_that_is_nothing_but_torture_is_shown_all_the_same() {
    for html in [
        "<div>".repeat(200_000),
        "<a ".repeat(100_000),
        format!("<p {}>", (0..50_000).map(|n| format!("on{n}=x ")).collect::<String>()),
        "<!--".repeat(100_000),
        "&".repeat(300_000),
        format!("<img srcset=\"{}\">", "x,".repeat(200_000)),
        "<style>".repeat(50_000),
        "\0<\u{fffd}>".repeat(10_000),
    ] {
        let prepared = prepare(&html, part, false);
        assert!(!prepared.html.contains("on1="));
        html_to_text(&html);
    }
}

#[test]
fn html_within_html_a_hundred_thousand_times_is_no_source_yet() {
    assert!(prepare(&"<div>".repeat(100_000), part, false).html.starts_with("<div>"));
    assert!(prepare(&"<div>".repeat(1_000_000), part, false).html.starts_with("<pre>"));
}
