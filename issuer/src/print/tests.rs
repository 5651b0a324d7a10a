//! What a sheet must keep to: counts, measures, what is reported, and the same bytes for the same cards.

use jiff::civil::date;
use pass::{Colour, CompoundId, Kind};

use super::card::Plan;
use super::code::{QUIET, SMALLEST_MODULE};
use super::pen::Area;
use super::sheet::PAGE;
use super::*;

/// As long as a code on paper may get: 221 characters, version 8 at level M.
fn longest_code() -> String {
    format!("SG1:{}", "7K3M9QXZ4".repeat(25)).chars().take(221).collect()
}

pub(super) fn face(number: usize) -> CardFace {
    CardFace {
        colour: Colour::ALL[number % 3],
        kind: Kind::ALL[number % 4],
        compound: CompoundId(7),
        compound_name: "锦绣花园小区".to_owned(),
        name: "张*明".to_owned(),
        dwelling: Some(Dwelling { building: "3".to_owned(), unit: "2".to_owned(), room: "501".to_owned() }),
        validity: Validity {
            from: date(2020, 2, 10).at(0, 0, 0, 0),
            until: date(2020, 3, 10).at(23, 59, 59, 0),
        },
        short_code: format!("7K3-M9Q-{number:03}"),
        code: longest_code(),
        link: Some(format!("https://gate.example.org/p/{number:032x}")),
        found: FoundAt { office: "锦绣社区居委会".to_owned(), telephone: "0311-8888 6666".to_owned() },
    }
}

pub(super) fn sheets(faces: &[CardFace], size: SheetSize) -> Vec<Sheet> {
    let sheet = |(number, cards): (u32, &[CardFace])| Sheet { number: Some(number), cards: cards.to_vec() };
    (1..).zip(faces.chunks(size.cards_per_page())).map(sheet).collect()
}

fn printed(faces: &[CardFace], sheet: SheetSize) -> Result<(Printed, Vec<u8>, Vec<Progress>), PrintError> {
    let mut fonts = Fonts::find(None).expect("the system packages of the tests hold a Chinese font");
    let job = Job { sheet, backs: false, printed: date(2020, 2, 10).at(9, 30, 0, 0) };
    let (mut pdf, mut progress) = (Vec::new(), Vec::new());
    let printed = print(sheets(faces, sheet), job, &mut fonts, &mut pdf, |step| progress.push(step))?;
    Ok((printed, pdf, progress))
}

fn occurrences(pdf: &[u8], text: &str) -> usize {
    pdf.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

#[test]
fn a_sheet_holds_ten_or_eight_and_the_last_one_what_is_left() {
    for (sheet, cards, pages) in [
        (SheetSize::Ten, 1, 1),
        (SheetSize::Ten, 10, 1),
        (SheetSize::Ten, 21, 3),
        (SheetSize::Eight, 16, 2),
        (SheetSize::Eight, 17, 3),
    ] {
        let (printed, pdf, progress) = printed(&(0..cards).map(face).collect::<Vec<_>>(), sheet).unwrap();
        assert_eq!((printed.cards, printed.pages), (cards, pages), "{sheet:?}");
        assert_eq!(printed.missing, []);
        assert!(pdf.starts_with(b"%PDF-"));
        assert_eq!(occurrences(&pdf, "/Type/Page/") + occurrences(&pdf, "/Type /Page\n"), pages, "{sheet:?}");
        let laid_out = (1..=pages).map(|done| Progress::Page { done, of: pages });
        assert!(progress.into_iter().eq(laid_out.chain([Progress::Writing])));
    }
}

#[test]
fn the_same_cards_give_the_same_bytes() {
    let once = || printed(&(0..23).map(face).collect::<Vec<_>>(), SheetSize::Eight).unwrap().1;
    assert!(once() == once());
}

#[test]
fn cards_have_their_size_lie_on_the_page_and_do_not_overlap() {
    for (sheet, size) in [(SheetSize::Ten, (85.6, 54.0)), (SheetSize::Eight, (96.0, 68.0))] {
        assert_eq!(sheet.card_size(), size);
        let slots: Vec<Area> = (0..sheet.cards_per_page()).map(|slot| sheet.slot(slot)).collect();
        for (index, slot) in slots.iter().enumerate() {
            assert_eq!((slot.w, slot.h), size);
            // What common printers leave unprinted, 4.2 mm, must not touch the field of a card.
            assert!(
                slot.x > 4.2 && slot.y > 4.2 && slot.right() < PAGE.w - 4.2 && slot.bottom() < PAGE.h - 4.2
            );
            for other in &slots[index + 1..] {
                let apart = other.x >= slot.right() - 0.001
                    || other.y >= slot.bottom() - 0.001
                    || other.right() <= slot.x + 0.001;
                assert!(apart, "{slot:?} {other:?}");
            }
        }
    }
}

#[test]
fn the_code_keeps_its_module_its_quiet_zone_and_its_white_panel() {
    let code = Code::new(&longest_code()).unwrap();
    assert_eq!(code.modules, 49, "version 8");
    for (sheet, at_least) in [(SheetSize::Ten, 0.64), (SheetSize::Eight, 0.75)] {
        let plan = Plan::of(sheet);
        let module = code.module(plan.code.w * plan.scale).unwrap();
        assert!(module >= at_least && module >= SMALLEST_MODULE, "{sheet:?}: {module}");
        // The quiet zone is part of the code's area, all of it is on the panel, and no text of the panel reaches into it.
        assert_eq!(QUIET, 4);
        assert!(plan.panel.x <= plan.code.x && plan.panel.right() >= plan.code.right());
        assert!(plan.panel.y <= plan.code.y && plan.panel.bottom() >= plan.code.bottom() + 4.0);
    }
}

#[test]
fn nothing_on_a_card_runs_into_anything_else() {
    for sheet in [SheetSize::Ten, SheetSize::Eight] {
        let plan = Plan::of(sheet);
        let parts = [plan.mark, plan.heading, plan.sign, plan.picture, plan.facts, plan.panel, plan.found];
        for (index, a) in parts.iter().enumerate() {
            assert!(a.x >= plan.field.x && a.y >= plan.field.y, "{a:?}");
            assert!(a.right() <= plan.field.right() && a.bottom() <= plan.field.bottom(), "{a:?}");
            for b in &parts[index + 1..] {
                let apart = a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
                assert!(apart, "{sheet:?}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn a_character_without_a_glyph_is_named_with_its_card_and_place() {
    // U+2FA1F lies after the last ideograph of its block, U+10FFFD is for private use: no font has either.
    let mut faces: Vec<CardFace> = (0..3).map(face).collect();
    faces[1].name = "张*\u{2FA1F}".to_owned();
    faces[2].compound_name = "\u{10FFFD}苑".to_owned();
    let (printed, ..) = printed(&faces, SheetSize::Ten).unwrap();
    let missing: Vec<_> = printed.missing.iter().map(|it| (it.card, it.field, it.character)).collect();
    assert_eq!(missing, [(1, Field::Name, '\u{2FA1F}'), (2, Field::Compound, '\u{10FFFD}')]);
    assert_eq!(printed.missing[0].short_code, "7K3-M9Q-001");
    assert_eq!(printed.missing[0].name, "张*\u{2FA1F}");
}

#[test]
fn rare_characters_of_names_are_drawn() {
    let mut rare = face(0);
    rare.name = "𠮷*㛃".to_owned();
    let (printed, ..) = printed(&[rare], SheetSize::Ten).unwrap();
    assert_eq!(printed.missing, []);
}

#[test]
fn what_is_shared_is_reported_once() {
    let faces = (0..6).map(|number| CardFace {
        kind: Kind::Person,
        colour: Colour::Red,
        compound_name: "\u{10FFFD}".to_owned(),
        ..face(number)
    });
    let (printed, ..) = printed(&faces.collect::<Vec<_>>(), SheetSize::Ten).unwrap();
    assert_eq!(printed.missing.iter().map(|it| it.card).collect::<Vec<_>>(), [0]);
}

#[test]
fn codes_that_would_not_be_read_are_refused_with_the_card() {
    let with = |length| {
        let mut faces: Vec<CardFace> = (0..12).map(face).collect();
        faces[11].code = "A".repeat(length);
        printed(&faces, SheetSize::Ten)
    };
    for (length, dense) in [(1_000, true), (5_000, false)] {
        let Err(PrintError::Code { card, short_code, error }) = with(length) else {
            panic!("{length} went through")
        };
        assert_eq!((card, short_code.as_str()), (11, "7K3-M9Q-011"));
        assert_eq!(matches!(error, CodeError::TooDense { .. }), dense, "{error}");
    }
    assert!(matches!(printed(&[], SheetSize::Ten), Err(PrintError::NoCards)));
}

#[test]
fn overlong_texts_and_odd_characters_stay_on_the_card() {
    let mut long = face(0);
    long.name = "very long name of a holder, much too long for a card".to_owned();
    long.compound_name = "某某市某某区某某街道办事处第一居民委员会某某家园北区".repeat(3);
    long.found.office = "某某街道\t办事处\n".repeat(20);
    long.dwelling = None;
    let mut empty = face(1);
    (empty.name, empty.compound_name, empty.found, empty.short_code) = Default::default();
    empty.dwelling = Some(Dwelling::default());
    let (printed, ..) = printed(&[long, empty], SheetSize::Eight).unwrap();
    assert_eq!((printed.cards, printed.missing), (2, Vec::new()));
}

#[test]
fn a_font_file_that_is_none_is_refused_by_name() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    for path in [path, "/nowhere/font.ttf".into()] {
        let Err(FontError::Unusable { path: named }) = Fonts::find(Some(&path)) else {
            panic!("{path:?} went through")
        };
        assert_eq!(named, path);
    }
}
