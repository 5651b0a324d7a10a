//! Any bytes as a frame: no panic, and nothing read that isn't there. `cargo bolero test any_bytes_are_a_frame` goes on
//! for as long as it is let; under `cargo test` it runs a second on inputs of its own.

use bolero::check;
use qr::degrade::picture_of;
use qr::{Frame, Scanner, encode};

#[test]
fn any_bytes_are_a_frame() {
    check!().with_iterations(300).for_each(|bytes: &[u8]| {
        let Some((&first, luma)) = bytes.split_first() else { return };
        // Repeated, so that short inputs fill frames that are large enough to hold patterns.
        let (width, height) = (usize::from(first) + 1, 64);
        let luma = luma.iter().copied().chain([0]).cycle().take(width * height).collect();
        let frame = Frame::new(width, height, luma).expect("the luma was made for it");
        Scanner::new().scan(&frame);
    });
}

#[test]
fn a_code_with_bytes_thrown_over_it_never_lies() {
    let text = "SG1:7K3M9QXZ4";
    let drawing = picture_of(&encode(text).unwrap(), 4, 4).unwrap();
    check!().with_iterations(300).for_each(|bytes: &[u8]| {
        let mut luma = drawing.luma().to_vec();
        for spot in bytes.chunks_exact(3) {
            let at = usize::from(u16::from_be_bytes([spot[0], spot[1]])) % luma.len();
            let end = (at + 24).min(luma.len());
            luma[at..end].fill(spot[2]);
        }
        let frame = Frame::new(drawing.width(), drawing.height(), luma).expect("the size is the drawing's");
        for sighting in Scanner::new().scan(&frame) {
            assert_eq!(sighting.bytes, text.as_bytes());
        }
    });
}
