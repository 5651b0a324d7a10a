//! A folder of photographs with the texts of their codes.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qr::Frame;

use crate::table::Shot;

/// Reads `texts.tsv` and every file it names.
pub(crate) fn load(folder: &Path) -> Result<Vec<Shot>, Box<dyn std::error::Error>> {
    let mut shots = Vec::new();
    for line in std::fs::read_to_string(folder.join("texts.tsv"))?.lines() {
        let mut fields = line.split('\t');
        let Some(name) = fields.next() else { continue };
        let texts: Result<_, _> =
            fields.filter(|text| !text.is_empty()).map(|text| STANDARD.decode(text)).collect();
        let frame = Frame::try_from(image::open(folder.join(name))?.into_luma8())?;
        shots.push(Shot { frame, texts: texts? });
    }
    if shots.is_empty() { Err("texts.tsv names no file".into()) } else { Ok(shots) }
}
