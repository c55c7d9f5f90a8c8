//! `/api/v1/message/{id}/part/{part}/thumb`: a small picture of a part. The only file that decodes images.
//!
//! Images are hostile input: what one claims to be is read before any of it is decoded, what is too large is not
//! decoded at all, and few are decoded at a time, so that bombs cannot add up.

use std::io::Cursor;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query as UrlQuery};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, Rgba, RgbaImage};

use super::message::{Asked, At, Id, Latest, PartId, one};
use super::refuse;
use super::told::{Misread, NoMessage, Octets};
use crate::web::Web;
use crate::web::mount::Mount;
use crate::web::reply::evidence;

const WIDTH: u32 = 180;
const HEIGHT: u32 = 120;
/// Of JPEG, in per cent.
const QUALITY: u8 = 70;
/// The largest image that is decoded.
const PIXELS_MAX: u64 = 20_000_000;
/// The longest side.
const SIDE_MAX: u32 = 50_000;
/// What decoding may allocate: the largest image with four bytes a pixel, and a little.
const DECODE_BYTES_MAX: u64 = 96 << 20;

/// A small picture of a part
///
/// JPEG of 180 × 120 pixels: cropped to fit, an image smaller than the frame in the middle of white; white for what is no image that can be read.
#[utoipa::path(get, path = "/api/v1/message/{id}/part/{part}/thumb", tag = "Message", operation_id = "getThumbnail",
    params(Id, PartId, Latest),
    responses((status = 200, description = "The picture", body = Octets, content_type = "image/jpeg"), Misread, NoMessage))]
pub async fn get(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    let stored = match one(&web, &mount, &at, &asked).await {
        Ok(stored) => stored,
        Err(refusal) => return refusal,
    };
    let Some(part) = stored.message.view.part(at.part()) else {
        return refuse(StatusCode::BAD_REQUEST, "The message has no such part");
    };
    let name = format!("{}.jpg", part.safe_name());
    let picture = if part.content_type.starts_with("image/") {
        let (message, id) = (stored.message, at.into_inner());
        // In turns, also what is small: it may become large. The turn ends with the work, also when its client has gone.
        let decode = move || thumb(&message.view.part(id.part())?.bytes(&message.raw()));
        web.large.work(decode).await.ok().flatten()
    } else {
        None
    };
    evidence("image/jpeg", &name, false, picture.unwrap_or_else(|| BLANK.clone()).into())
}

/// How large an image says that it is, in pixels; none for what is no image that can be read. Nothing of it is decoded.
pub fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// Whether a browser may be asked to show an image of this size.
pub fn is_bearable(width: u32, height: u32) -> bool {
    width <= SIDE_MAX && height <= SIDE_MAX && u64::from(width) * u64::from(height) <= PIXELS_MAX
}

static BLANK: LazyLock<Vec<u8>> = LazyLock::new(|| jpeg(white()).unwrap_or_default());

fn white() -> RgbaImage {
    RgbaImage::from_pixel(WIDTH, HEIGHT, Rgba([255; 4]))
}

fn thumb(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(SIDE_MAX), Some(SIDE_MAX));
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > DECODE_BYTES_MAX {
        return None;
    }
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    // It is turned when it is small; until then the sides of the frame change places.
    let (wide, high) = if orientation.is_some_and(turns) { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
    image = if image.width() < wide || image.height() < high {
        if image.width() > wide || image.height() > high {
            image.resize(wide, high, FilterType::Triangle)
        } else {
            image
        }
    } else {
        image.resize_to_fill(wide, high, FilterType::Triangle)
    };
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let mut canvas = white();
    let (left, top) = (WIDTH.saturating_sub(image.width()) / 2, HEIGHT.saturating_sub(image.height()) / 2);
    imageops::overlay(&mut canvas, &image.to_rgba8(), left.into(), top.into());
    jpeg(canvas)
}

fn turns(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

fn jpeg(canvas: RgbaImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let flat = DynamicImage::ImageRgba8(canvas).into_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&flat).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let image = RgbaImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 255, 255]) }
        });
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    fn shown(bytes: &[u8]) -> image::RgbImage {
        let thumb = image::load_from_memory(&thumb(bytes).unwrap()).unwrap().into_rgb8();
        assert_eq!(thumb.dimensions(), (WIDTH, HEIGHT));
        thumb
    }

    #[test]
    fn a_large_image_fills_the_frame_and_a_small_one_stands_in_white() {
        let large = shown(&png(400, 400));
        assert!(large.get_pixel(2, 2)[0] > 200 && large.get_pixel(2, 2)[2] < 60, "red to the edge");
        let small = shown(&png(20, 20));
        assert!(small.get_pixel(2, 2).0.iter().all(|&value| value > 240), "white around");
        assert!(small.get_pixel(85, 60)[0] > 200 && small.get_pixel(85, 60)[2] < 90, "red within");
        let flat = shown(&png(1_000, 10));
        assert!(flat.get_pixel(5, 5).0.iter().all(|&value| value > 240));
    }

    #[test]
    fn a_photograph_stands_upright() {
        let image = image::load_from_memory(&png(400, 300)).unwrap().into_rgb8();
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&image).unwrap();
        // Exif: one entry, Orientation (0x0112), to be turned clockwise by 90 degrees.
        let exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        jpeg.splice(2..2, exif.iter().copied());
        let upright = shown(&jpeg);
        assert!(upright.get_pixel(90, 5)[0] > 200, "what was left is above: {:?}", upright.get_pixel(90, 5));
        assert!(upright.get_pixel(90, 115)[2] > 200, "what was right is below: {:?}", upright.get_pixel(90, 115));
    }

    #[test]
    fn what_is_too_large_or_broken_is_not_decoded() {
        let mut bomb = png(4, 4);
        // IHDR: 50,000 × 50,000, its checksum made right.
        bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(thumb(&bomb), None);
        let (width, height) = dimensions(&bomb).unwrap();
        assert_eq!((width, height, is_bearable(width, height)), (50_000, 50_000, false));
        assert_eq!(thumb(b""), None);
        assert_eq!(thumb(&png(40, 40)[..60]), None);
        assert_eq!(thumb(b"GIF89a"), None);
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
        })
    }
}
