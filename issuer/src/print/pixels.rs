//! Sheets as printers and people see them: rasterised by poppler, and every code read back from the pixels.

use std::path::Path;
use std::process::Command;

use jiff::civil::date;
use pass::{Colour, CompoundId, Kind};
use qr::{Frame, Scanner};

use super::notice::{Notice, Place, Spot, draw_notice};
use super::tests::{face, sheets};
use super::*;

/// Dots to an inch: the least that office printers have, halved.
const DPI: u32 = 150;

/// The pages of a document in grey.
fn pages(pdf: &[u8], name: &str) -> Vec<Frame> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, pdf).unwrap();
    keep(pdf, name);
    let done = Command::new("pdftoppm")
        .args(["-gray", "-r", &DPI.to_string()])
        .arg(&file)
        .arg(folder.path().join("page"))
        .status()
        .expect("poppler-utils is among the packages of the tests");
    assert!(done.success(), "{name}");
    let mut paths: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "pgm"))
        .collect();
    paths.sort();
    paths.iter().map(|path| pgm(path)).collect()
}

/// With `SANSE_LOOK=folder` the documents are left there, to be looked at.
fn keep(pdf: &[u8], name: &str) {
    if let Some(folder) = std::env::var_os("SANSE_LOOK") {
        std::fs::write(Path::new(&folder).join(format!("{name}.pdf")), pdf).unwrap();
    }
}

/// A binary PGM of eight bits.
fn pgm(path: &Path) -> Frame {
    let bytes = std::fs::read(path).unwrap();
    let mut rest = bytes.as_slice();
    let mut fields = Vec::new();
    while fields.len() < 4 {
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap();
        fields.push(std::str::from_utf8(&rest[..end]).unwrap().to_owned());
        rest = &rest[end + 1..];
    }
    assert_eq!(fields[0], "P5");
    let (width, height) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
    Frame::new(width, height, rest.to_vec()).unwrap()
}

fn read(page: &Frame) -> Vec<String> {
    let mut texts: Vec<String> = Scanner::new()
        .scan(page)
        .into_iter()
        .map(|sighting| String::from_utf8(sighting.bytes).unwrap())
        .collect();
    texts.sort();
    texts
}

fn sorted(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort();
    texts
}

/// Darker than middle grey.
fn has_ink(page: &Frame) -> bool {
    page.luma().iter().filter(|luma| **luma < 100).count() > 500
}

#[test]
fn every_code_of_every_sheet_is_read_from_its_pixels_front_and_back() {
    let mut fonts = Fonts::find(None).unwrap();
    for size in SheetSize::ALL {
        let faces: Vec<CardFace> = (0..size.cards_per_page() + 1)
            .map(|number| CardFace {
                code: format!("SG1:{number:03}{}", "A1B2C3D4".repeat(26)),
                ..face(number)
            })
            .collect();
        let job = Job { sheet: size, backs: true, printed: date(2020, 2, 10).at(9, 30, 0, 0) };
        let mut pdf = Vec::new();
        let sheets = sheets(&faces, size);
        print(sheets.clone(), job, &mut fonts, &mut pdf, |_| ()).unwrap();
        let pages = pages(&pdf, &format!("cards-{}", size.code()));
        assert_eq!(pages.len(), 2 * sheets.len());
        for (sheet, sides) in sheets.iter().zip(pages.chunks(2)) {
            assert_eq!(read(&sides[0]), sorted(sheet.cards.iter().map(|card| card.code.clone())));
            let links = sheet.cards.iter().map(|card| card.link.clone().unwrap());
            assert_eq!(read(&sides[1]), sorted(links));
        }
    }
}

#[test]
fn a_back_lies_behind_its_front() {
    let mut fonts = Fonts::find(None).unwrap();
    for size in [SheetSize::Ten, SheetSize::Eight] {
        let faces: Vec<CardFace> =
            (0..3).map(|number| CardFace { code: format!("SG1:{number}"), ..face(number) }).collect();
        let job = Job { sheet: size, backs: true, printed: date(2020, 2, 10).at(9, 30, 0, 0) };
        let mut pdf = Vec::new();
        print(sheets(&faces, size), job, &mut fonts, &mut pdf, |_| ()).unwrap();
        let pages = pages(&pdf, "behind");
        let centres = |page: &Frame, text: &str| {
            let found = Scanner::new().scan(page);
            let found = found.into_iter().find(|sighting| sighting.bytes == text.as_bytes()).unwrap();
            let middle = |values: [f32; 4]| values.iter().sum::<f32>() / 4.0;
            (middle(found.corners.map(|at| at.x)), middle(found.corners.map(|at| at.y)))
        };
        let card = size.card_size();
        let millimetre = DPI as f32 / 25.4;
        for face in &faces {
            let front = centres(&pages[0], &face.code);
            let back = centres(&pages[1], face.link.as_deref().unwrap());
            // Turned over the long edge, left is right: what is seen through the paper is within the same card.
            let through = pages[1].width() as f32 - back.0;
            assert!((front.0 - through).abs() < card.0 * millimetre / 2.0, "{front:?} {back:?}");
            assert!((front.1 - back.1).abs() < card.1 * millimetre / 4.0, "{front:?} {back:?}");
        }
    }
}

fn place() -> Place {
    Place {
        compound: CompoundId(7),
        compound_name: "锦绣花园小区".to_owned(),
        office: FoundAt {
            office: "建设路社区居委会".to_owned(), telephone: "0311-8888 6666".to_owned()
        },
    }
}

fn notices() -> Vec<(&'static str, Notice)> {
    let home = || Dwelling { building: "3".to_owned(), unit: "2".to_owned(), room: "501".to_owned() };
    let days = (date(2020, 2, 10), date(2020, 2, 24));
    let link = Some("https://gate.example.org/c/7".to_owned());
    let contact = FoundAt { office: "王雪梅".to_owned(), telephone: "138 0000 0000".to_owned() };
    vec![
        ("poster-gate", Notice::Poster { spot: Spot::Gate, link: link.clone() }),
        ("poster-lift", Notice::Poster { spot: Spot::Lift, link }),
        ("poster-door", Notice::Poster { spot: Spot::Door, link: None }),
        ("door-sign", Notice::DoorSign { home: home(), days }),
        ("guidance", Notice::Guidance { name: "张*明".to_owned(), home: home(), days, contact }),
        (
            "closed-long",
            Notice::Closed {
                building: "阳光里东区第十二号楼".to_owned(),
                unit: String::new(),
                from: date(2020, 2, 10).at(8, 0, 0, 0),
                until: None,
                why: "楼内有一例确诊，正在消毒和排查，".repeat(6),
            },
        ),
        (
            "closed",
            Notice::Closed {
                building: "3".to_owned(),
                unit: "2".to_owned(),
                from: date(2020, 2, 10).at(8, 0, 0, 0),
                until: Some(date(2020, 2, 24)),
                why: "楼内有一例确诊，正在消毒和排查".to_owned(),
            },
        ),
    ]
}

#[test]
fn notices_fit_their_page_in_both_languages_and_their_codes_are_read() {
    let mut fonts = Fonts::find(None).unwrap();
    for language in [Language::Zh, Language::En] {
        for (name, notice) in notices() {
            let mut pdf = Vec::new();
            let printed = date(2020, 2, 10).at(9, 30, 0, 0);
            let missing = draw_notice(&notice, &place(), language, printed, &mut fonts, &mut pdf).unwrap();
            assert!(missing.is_empty(), "{name}: {missing:?}");
            let pages = pages(&pdf, &format!("{name}-{}", language.tag()));
            assert_eq!(pages.len(), 1, "{name}");
            assert!(has_ink(&pages[0]), "{name}");
            let expected = match &notice {
                Notice::Poster { link: Some(link), .. } => vec![link.clone()],
                _ => Vec::new(),
            };
            assert_eq!(read(&pages[0]), expected, "{name}");
            margins_are_white(&pages[0], name);
        }
    }
}

/// What printers leave unprinted holds nothing.
fn margins_are_white(page: &Frame, name: &str) {
    let edge = (4.2 * DPI as f32 / 25.4) as usize;
    for y in 0..page.height() {
        let row = page.row(y);
        let inside = y >= edge && y < page.height() - edge;
        let outer = if inside { [&row[..edge], &row[row.len() - edge..]].concat() } else { row.to_vec() };
        assert!(outer.iter().all(|luma| *luma > 200), "{name}: ink in the margin, row {y}");
    }
}

#[test]
fn a_specimen_is_struck_through_and_its_code_is_read() {
    let mut fonts = Fonts::find(None).unwrap();
    let specimen = CardFace { kind: Kind::Specimen, colour: Colour::Green, dwelling: None, ..face(0) };
    let real = CardFace { kind: Kind::Person, ..specimen.clone() };
    let draw = |face: &CardFace, fonts: &mut Fonts| {
        let job = Job { sheet: SheetSize::One, backs: false, printed: date(2020, 2, 10).at(9, 30, 0, 0) };
        let mut pdf = Vec::new();
        print(sheets(std::slice::from_ref(face), SheetSize::One), job, fonts, &mut pdf, |_| ()).unwrap();
        pages(&pdf, "specimen").remove(0)
    };
    let (specimen_page, real_page) = (draw(&specimen, &mut fonts), draw(&real, &mut fonts));
    assert_eq!(read(&specimen_page), [specimen.code]);
    let pairs = specimen_page.luma().iter().zip(real_page.luma());
    let differing = pairs.filter(|(a, b)| a.abs_diff(**b) > 100).count();
    assert!(differing > specimen_page.luma().len() / 20, "{differing} pixels tell a specimen from a pass");
}

#[test]
fn an_address_that_is_too_long_is_told() {
    let mut fonts = Fonts::find(None).unwrap();
    let link = Some(format!("https://{}.example/c/7", "a".repeat(2_000)));
    let notice = Notice::Poster { spot: Spot::Gate, link };
    let printed = date(2020, 2, 10).at(9, 30, 0, 0);
    let refused = draw_notice(&notice, &place(), Language::Zh, printed, &mut fonts, &mut Vec::new());
    assert!(matches!(refused, Err(PrintError::Link { .. })));
    let long = CardFace { link: Some("x".repeat(1_000)), ..face(0) };
    let job = Job { sheet: SheetSize::Ten, backs: true, printed };
    let refused = print(sheets(&[long], SheetSize::Ten), job, &mut fonts, &mut Vec::new(), |_| ());
    assert!(matches!(refused, Err(PrintError::Link { .. })));
}
