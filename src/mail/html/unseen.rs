//! Images that nobody is meant to see: what mailings count their readers with. Told, not judged: a spacer is one too.

/// Whether an attribute makes its image a pixel, or hides it.
pub(super) fn hides(name: &str, value: &str) -> bool {
    match name {
        "width" | "height" => is_tiny(value),
        "hidden" => true,
        "style" => value[..value.floor_char_boundary(STYLE_BYTES_MAX)].split(';').any(declares),
        _ => false,
    }
}

fn declares(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(':') else { return false };
    let value = value.trim().trim_end_matches("!important").trim();
    match property.trim().to_ascii_lowercase().as_str() {
        "display" => value.eq_ignore_ascii_case("none"),
        "visibility" => value.eq_ignore_ascii_case("hidden"),
        "opacity" => value.parse() == Ok(0.0_f32),
        "width" | "height" | "max-width" | "max-height" => is_tiny(value),
        _ => false,
    }
}

/// No pixel, or one. `100%` and `auto` are a size of another kind.
fn is_tiny(value: &str) -> bool {
    let number = value.trim().trim_end_matches("px").trim_end();
    number.parse::<f32>().is_ok_and(|size| (0.0..=1.0).contains(&size))
}

const STYLE_BYTES_MAX: usize = 4 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_told_from_a_picture() {
        for (name, value, expected) in [
            ("width", "1", true),
            ("height", " 0 ", true),
            ("width", "1px", true),
            ("width", "100", false),
            ("width", "1%", false),
            ("width", "", false),
            ("hidden", "", true),
            ("style", "border:0; Display : NONE !important", true),
            ("style", "opacity:0", true),
            ("style", "opacity:0.5;width:10px", false),
            ("style", "max-height:1px", true),
            ("style", "visibility:hidden", true),
            ("style", "line-height:1", false),
            ("alt", "1", false),
        ] {
            assert_eq!(hides(name, value), expected, "{name}={value:?}");
        }
    }
}
