//! A QR code (ISO/IEC 18004) in half blocks, for the camera of a telephone.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode, Version};

/// The largest that stands in 80 columns with its margin: 69 modules.
const VERSION: i16 = 13;
/// Bytes that a code of that version holds at the lowest level of correction (ISO/IEC 18004, table 7).
pub(super) const MOST_BYTES: usize = 425;

/// Lines of half blocks, light on a dark terminal; none: the text is too long.
pub(super) fn draw(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    if !matches!(code.version(), Version::Normal(..=VERSION)) {
        return None;
    }
    let mut drawn = code.render::<Dense1x2>();
    // A terminal is dark where nothing is printed.
    drawn
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark);
    Some(drawn.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stands_in_80_columns() {
        let drawn = draw(&"a".repeat(MOST_BYTES)).unwrap();
        let widths = drawn.lines().map(|line| line.chars().count());
        assert_eq!(widths.max(), Some(77));
        assert_eq!(drawn.lines().count(), 39);
        assert_eq!(draw(&"a".repeat(MOST_BYTES + 1)), None);
        assert!(drawn.starts_with('█'), "the margin is light");
    }
}
