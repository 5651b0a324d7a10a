//! Everything that reads codes, behind one face.

use std::panic::{AssertUnwindSafe, catch_unwind};

use qr::{Frame, Scanner};

/// What reads the texts in a frame.
type Read = dyn FnMut(&Frame) -> Vec<Vec<u8>>;

/// A reader under test.
pub(crate) struct Reader {
    pub(crate) name: String,
    read: Box<Read>,
}

impl Reader {
    pub(crate) fn all() -> Vec<Self> {
        // rqrr asserts on some grids; the default hook would write over the table.
        std::panic::set_hook(Box::new(|_| {}));
        vec![
            Self::ours("qr", Scanner::new()),
            Self { name: "rqrr".to_owned(), read: Box::new(rqrr) },
            #[cfg(feature = "beside-zxing")]
            Self { name: "zxing-cpp".to_owned(), read: Box::new(zxing) },
        ]
    }

    /// For a clip: ours with what it remembers of the frames before, and every reader frame by frame.
    pub(crate) fn for_clips() -> Vec<Self> {
        let mut readers =
            vec![Self::ours("qr, over the frames", Scanner::wanting(|text| text.starts_with(b"SG1:")))];
        readers.extend(Self::all());
        readers
    }

    /// Ours, with the first `count` steps only.
    pub(crate) fn limited(count: usize, last: &str) -> Self {
        Self::ours(&format!("+ {last}"), Scanner::new().limited_to(count))
    }

    pub(crate) fn read(&mut self, frame: &Frame) -> Vec<Vec<u8>> {
        (self.read)(frame)
    }

    fn ours(name: &str, mut scanner: Scanner) -> Self {
        let read =
            move |frame: &Frame| scanner.scan(frame).into_iter().map(|sighting| sighting.bytes).collect();
        Self { name: name.to_owned(), read: Box::new(read) }
    }
}

fn rqrr(frame: &Frame) -> Vec<Vec<u8>> {
    let read = || {
        let (width, height) = (frame.width(), frame.height());
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| frame.luma()[y * width + x]);
        let mut texts = Vec::new();
        for grid in prepared.detect_grids() {
            let mut bytes = Vec::new();
            if grid.decode_to(&mut bytes).is_ok() {
                texts.push(bytes);
            }
        }
        texts
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

#[cfg(feature = "beside-zxing")]
fn zxing(frame: &Frame) -> Vec<Vec<u8>> {
    let (width, height) = (frame.width() as u32, frame.height() as u32);
    let view = zxingcpp::ImageView::from_slice(frame.luma(), width, height, zxingcpp::ImageFormat::Lum);
    let codes = view.and_then(|view| zxingcpp::read().formats(&[zxingcpp::BarcodeFormat::QRCode]).from(view));
    codes.map(|codes| codes.iter().map(|code| code.text().into_bytes()).collect()).unwrap_or_default()
}
