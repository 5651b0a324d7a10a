//! Vectors of texts: what else a scanner reads, what readers do to a text, and Base45 out of range.

use pass::{Pass, Refusal};

use super::claims::{longest, paper, phone, signed};
use super::envelope::to_text;
use super::{Case, OFFICE, TWIN, What, of_pass};

pub(super) fn cases() -> Vec<Case> {
    [good(), other_codes(), white_space(), letters(), base45(), lengths()].into_iter().flatten().collect()
}

fn case(name: &str, about: &'static str, text: String, wanted: Result<String, Refusal>) -> Case {
    let trust = "trust-good.txt";
    Case { what: What::Pass, name: name.into(), about, trust, input: text.into_bytes(), wanted }
}

fn line(name: &str, about: &'static str, text: String, wanted: Result<String, Refusal>) -> Case {
    Case { what: What::Line, ..case(name, about, text, wanted) }
}

fn good_text() -> String {
    signed(&paper(), OFFICE).text()
}

fn good() -> Vec<Case> {
    let text = |pass: &Pass, key| signed(pass, key).text();
    let accepted = |pass: &Pass| Ok(of_pass(1, pass));
    let twins = Case {
        trust: "trust-twins.txt",
        ..case(
            "good-one-of-two-keys-with-one-id",
            "The key has the id of another that stands before it: both are tried.",
            text(&paper(), OFFICE),
            accepted(&paper()),
        )
    };
    let other_twin = Case {
        trust: "trust-twins.txt",
        ..case(
            "good-other-of-two-keys-with-one-id",
            "As before, by the other of the two.",
            text(&paper(), TWIN),
            accepted(&paper()),
        )
    };
    vec![
        case("good-paper", "A resident's card.", text(&paper(), OFFICE), accepted(&paper())),
        case("good-phone", "The same resident's phone.", text(&phone(), OFFICE), accepted(&phone())),
        case(
            "good-longest",
            "The longest card: 144 bytes, 220 characters, QR version 8 at level M.",
            text(&longest(), OFFICE),
            accepted(&longest()),
        ),
        twins,
        other_twin,
    ]
}

fn other_codes() -> Vec<Case> {
    [
        ("empty", "No text at all.", String::new()),
        ("url", "An address.", "https://www.example.cn/gate?id=42".into()),
        (
            "payment-merchant",
            "A payment code as it stands on a shop's counter (made up).",
            "https://qr.alipay.com/fkx00000example00000000".into(),
        ),
        (
            "payment-person",
            "A payment code of a person (made up).",
            "wxp://f2f0AbCdEfGhIjKlMnOpQrStUvWxYz-0000".into(),
        ),
        (
            "payment-digits",
            "A payment code that a person shows to a shop (made up).",
            "134567890123456789".into(),
        ),
        (
            "vcard",
            "A business card.",
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:张;明\r\nTEL:13800000000\r\nEND:VCARD\r\n".into(),
        ),
        ("plain-words", "Plain text.", "小区大门请由此进".into()),
        (
            "other-certificate",
            "A certificate of another system in Base45.",
            good_text().replace("SG1:", "HC1:"),
        ),
        ("other-version", "A format that does not exist yet.", good_text().replace("SG1:", "SG2:")),
        ("prefix-cut", "Less than the prefix.", "SG1".into()),
        ("prefix-missing", "The Base45 alone.", good_text()[4..].into()),
        (
            "prefix-full-width",
            "What a Chinese input method makes of a keyboard scanner's letters.",
            good_text().replace("SG1:", "ＳＧ１："),
        ),
        ("byte-order-mark", "A mark that some editors put first.", format!("\u{FEFF}{}", good_text())),
        ("10-kilobytes", "A long text.", "出入平安 ".repeat(10_240 / 13 + 1)),
    ]
    .into_iter()
    .map(|(name, about, text)| case(name, about, text, Err(Refusal::NotAPass)))
    .collect()
}

fn white_space() -> Vec<Case> {
    let good = good_text();
    let with = |at: usize, inserted: &str| format!("{}{inserted}{}", &good[..at], &good[at..]);
    let accepted = || Ok(of_pass(1, &paper()));
    let end = good.len();
    // A space is a character of Base45, so one too many moves all that follows.
    let leftover = Refusal::Base45Length { length: end - 4 + 1 };
    let white = |at| Err(Refusal::WhiteSpace { at });
    vec![
        case("space-first", "A space before the prefix.", with(0, " "), white(0)),
        case("tab-first", "A tab before the prefix.", with(0, "\t"), white(0)),
        case("wide-space-first", "An ideographic space before the prefix.", with(0, "\u{3000}"), white(0)),
        case("tab-inside", "A tab in the middle.", with(90, "\t"), white(90)),
        case("line-break-inside", "A line break in the middle.", with(90, "\n"), white(90)),
        case("no-break-space-inside", "A space that is none of Base45.", with(90, "\u{A0}"), white(90)),
        case(
            "space-after-prefix",
            "A space that Base45 takes for its own.",
            with(4, " "),
            Err(Refusal::Base45Range { at: 30 }),
        ),
        case("space-last", "A space at the end.", with(end, " "), Err(leftover)),
        case("crlf-last", "A line ending that nobody took off.", with(end, "\r\n"), white(end)),
        line("crlf", "A reader's line ending, which is taken off.", with(end, "\r\n"), accepted()),
        line("lf", "A line ending, which is taken off.", with(end, "\n"), accepted()),
        line("cr", "A reader's line ending, which is taken off.", with(end, "\r"), accepted()),
        line("none", "A line without an ending.", good.clone(), accepted()),
        line("crlf-twice", "Only one line ending is taken off.", with(end, "\r\n\r\n"), white(end)),
        line("lf-cr", "Not a line ending of anybody.", with(end, "\n\r"), white(end)),
        line("space-crlf", "A space before the line ending stays.", with(end, " \r\n"), Err(leftover)),
        line("tab-crlf", "A tab before the line ending stays.", with(end, "\t\r\n"), white(end)),
    ]
}

fn letters() -> Vec<Case> {
    let good = good_text();
    let letter = good.rfind(|c: char| c.is_ascii_uppercase()).expect("a letter among so many characters");
    let mut one = good.clone();
    one[letter..=letter].make_ascii_lowercase();
    [
        ("lower-case", "A reader that made all letters small.", good.to_lowercase()),
        ("lower-case-prefix", "The letters of the prefix only.", good.replace("SG", "sg")),
        ("lower-case-letter", "One letter only.", one),
    ]
    .into_iter()
    .map(|(name, about, text)| case(name, about, text, Err(Refusal::LowerCase)))
    .collect()
}

fn base45() -> Vec<Case> {
    let range = |at| Err(Refusal::Base45Range { at });
    let with_tail = |tail: &str| {
        let good = good_text();
        let groups = good.len() - 4 - (good.len() - 4) % 3;
        (format!("{}{tail}", &good[..4 + groups]), groups)
    };
    let (tail_65536, at) = with_tail("GGW");
    let (tail_256, _) = with_tail("V5");
    let (one_left, _) = with_tail("0");
    vec![
        case(
            "base45-65536",
            "Three characters for 65,536 (RFC 9285 §4.2: at most FGW).",
            "SG1:GGW".into(),
            range(0),
        ),
        case("base45-highest", "The highest three characters, 91,124.", "SG1::::".into(), range(0)),
        case("base45-256", "Two characters for 256.", "SG1:000V5".into(), range(3)),
        case("base45-65536-after-groups", "The same at the end of a pass.", tail_65536, range(at)),
        case("base45-256-after-groups", "The same at the end of a pass.", tail_256, range(at)),
        case(
            "base45-one-left",
            "One character left over.",
            one_left,
            Err(Refusal::Base45Length { length: at + 1 }),
        ),
        case(
            "base45-alphabet",
            "A character outside the alphabet.",
            "SG1:AB#".into(),
            Err(Refusal::Base45Character { at: 2 }),
        ),
        case(
            "base45-chinese",
            "A character of more than one byte.",
            "SG1:红".into(),
            Err(Refusal::Base45Character { at: 0 }),
        ),
        case("base45-nul", "A NUL.", "SG1:\0\0\0".into(), Err(Refusal::Base45Character { at: 0 })),
    ]
}

fn lengths() -> Vec<Case> {
    let (most, limit) = (pass::MAX_TEXT, pass::MAX_TEXT);
    let long = |length: usize| format!("SG1:{}", "0".repeat(length - 4));
    let bytes = signed(&paper(), OFFICE).bytes();
    let cut = |length: usize| to_text(&bytes[..length]);
    let truncated = |inside| Err(Refusal::Truncated { inside });
    vec![
        case(
            "long-10-kilobytes",
            "The prefix and 10 kB.",
            long(10_240),
            Err(Refusal::TooLong { length: 10_240, limit }),
        ),
        case(
            "long-by-one",
            "One character more than any pass.",
            long(most + 1),
            Err(Refusal::TooLong { length: most + 1, limit }),
        ),
        case("cut-to-0", "The prefix and nothing else.", cut(0), truncated("the COSE_Sign1 tag")),
        case("cut-to-1", "Cut after the tag.", cut(1), truncated("the COSE_Sign1 array")),
        case("cut-to-2", "Cut before the protected header.", cut(2), truncated("the protected header")),
        case("cut-to-8", "Cut inside the protected header.", cut(8), truncated("the protected header")),
        case("cut-to-12", "Cut after the protected header.", cut(12), truncated("the unprotected header")),
        case("cut-to-13", "Cut before the payload.", cut(13), truncated("the payload")),
        case("cut-to-40", "Cut inside the payload.", cut(40), truncated("the payload")),
        case(
            "cut-to-half",
            "Cut where a code is torn in two.",
            cut(bytes.len() / 2),
            truncated("the signature"),
        ),
        case(
            "cut-before-signature",
            "Cut before the signature.",
            cut(bytes.len() - 66),
            truncated("the signature"),
        ),
        case("cut-by-one-byte", "Without its last byte.", cut(bytes.len() - 1), truncated("the signature")),
    ]
}
