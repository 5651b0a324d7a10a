//! The sentence of each reason for a verdict: what is the matter, and what to do or when the person may go.

use gate::{Direction, Reason, Unlisted};
use jiff::tz::TimeZone;
use pass::{Colour, Refusal};

use super::{Lang, colour, moment};

/// The sentence of a reason, its times in the compound's zone.
#[must_use]
pub fn reason(reason: &Reason, zone: &TimeZone, lang: Lang) -> String {
    let fixed = |zh: &str, en: &str| lang.of(zh, en).to_owned();
    let at = |at| moment(at, zone, lang);
    match *reason {
        Reason::NotBelieved(refusal) => not_believed(&refusal, lang),
        Reason::Specimen => fixed("样证，只供培训，不能通行。", "A specimen, for training only."),
        Reason::OtherCompound { compound } => lang.of(
            format!("这是其他小区（{} 号）的通行证。", compound.0),
            format!("This pass is for another compound (no. {}).", compound.0),
        ),
        Reason::Withdrawn => {
            fixed("这张证已作废。请持证人联系社区。", "The office withdrew this pass. Call the office.")
        }
        Reason::Suspended => {
            fixed("这张证已暂停使用。请持证人联系社区。", "This pass is suspended. Call the office.")
        }
        Reason::Replaced => {
            fixed("这张证已换新，旧证无效。请出示新证。", "Replaced by a newer pass. Ask for the new one.")
        }
        Reason::Expired { at: end } => lang.of(
            format!("有效期已于 {} 结束。请到社区续期。", at(end)),
            format!("Expired on {}. The office renews it.", at(end)),
        ),
        Reason::NotYetValid { from } => {
            lang.of(format!("{} 起才有效。", at(from)), format!("Valid only from {}.", at(from)))
        }
        Reason::ColourRule { colour, direction } => colour_rule(colour, direction, lang).to_owned(),
        Reason::MilderByOldList { signed, now } => lang.of(
            format!(
                "名单说已由{}转{}，但名单已过期。请与社区核实。",
                colour(signed, lang),
                colour(now, lang)
            ),
            format!(
                "An old list says {} became {}. Confirm with the office.",
                colour(signed, lang).to_lowercase(),
                colour(now, lang).to_lowercase()
            ),
        ),
        Reason::Unlisted(Unlisted::NoList) => fixed(
            "本机没有该社区的名单，查不到这张证的现状。",
            "No list from this office: the pass can't be looked up.",
        ),
        Reason::Unlisted(Unlisted::OldList { expired }) => lang.of(
            format!("名单已于 {} 过期，请更新数据包。", at(expired)),
            format!("The list expired on {}. Load a newer bundle.", at(expired)),
        ),
        Reason::Unlisted(Unlisted::NewerThanList { issued }) => lang.of(
            format!("这张证比名单新（名单签于 {}），请更新数据包。", at(issued)),
            format!("The pass is newer than the list of {}. Load a newer bundle.", at(issued)),
        ),
        Reason::ClockInDoubt => fixed(
            "本机时钟可能不准，有效期无法确定。请校准时钟。",
            "This gate's clock may be wrong. Set the clock.",
        ),
        Reason::ColourChanged { signed, now } => lang.of(
            format!("现为{}（证上印{}），以现在为准。请换新证。", colour(now, lang), colour(signed, lang)),
            format!(
                "Now {} (the card says {}). Swap the card.",
                colour(now, lang).to_lowercase(),
                colour(signed, lang).to_lowercase()
            ),
        ),
    }
}

fn colour_rule(colour: Colour, direction: Direction, lang: Lang) -> &'static str {
    match (colour, direction) {
        (Colour::Green, Direction::Out) => {
            lang.of("本小区对绿证外出有限制。", "This compound restricts green going out.")
        }
        (Colour::Green, Direction::In) => {
            lang.of("本小区对绿证进入有限制。", "This compound restricts green coming in.")
        }
        (Colour::Yellow, Direction::Out) => {
            lang.of("本小区对黄证外出有限制。", "This compound restricts yellow going out.")
        }
        (Colour::Yellow, Direction::In) => {
            lang.of("本小区对黄证进入有限制。", "This compound restricts yellow coming in.")
        }
        (Colour::Red, Direction::Out) => {
            lang.of("居家观察期间不得外出。", "Under home observation: may not go out.")
        }
        (Colour::Red, Direction::In) => lang.of(
            "居家观察人员曾外出。让其回家，并立即报告社区。",
            "Was outside while under observation. Let them go home, and report it at once.",
        ),
    }
}

fn not_believed(refusal: &Refusal, lang: Lang) -> String {
    let damaged = || {
        lang.of(
            "这个码已损坏或被改动，不是社区签发的原样。",
            "This code is damaged or was altered: not as the office signed it.",
        )
        .to_owned()
    };
    let not_entitled = |key: &pass::KeyId| {
        lang.of(
            format!("签发者（密钥 {key}）无权签发这种证。请报告社区。"),
            format!("Its signer (key {key}) may not sign this. Report it to the office."),
        )
    };
    match refusal {
        Refusal::NotAPass => lang.of("这不是通行证。", "This is not a pass.").to_owned(),
        Refusal::LowerCase => lang
            .of(
                "扫码枪把字母变成了小写。请用摄像头，或改扫码枪设置。",
                "The reader made its letters small. Use the camera, or set the reader right.",
            )
            .to_owned(),
        Refusal::WhiteSpace { .. } => lang
            .of(
                "扫码枪加进了空白。请用摄像头，或改扫码枪设置。",
                "The reader put white space into it. Use the camera, or set the reader right.",
            )
            .to_owned(),
        Refusal::TooLong { .. } => lang.of("内容太长，不是通行证。", "Too long to be a pass.").to_owned(),
        Refusal::Base45Character { .. }
        | Refusal::Base45Range { .. }
        | Refusal::Base45Length { .. }
        | Refusal::Truncated { .. }
        | Refusal::Appended { .. }
        | Refusal::Malformed { .. }
        | Refusal::UnprotectedHeader
        | Refusal::Algorithm
        | Refusal::NotCanonical => damaged(),
        Refusal::WrongContent { .. } => {
            lang.of("这是系统文件，不是通行证。", "Signed, but not a pass.").to_owned()
        }
        Refusal::UnknownKey { key } => lang.of(
            format!("签发者（密钥 {key}）不受本门信任。"),
            format!("Signed by somebody this gate does not trust (key {key})."),
        ),
        Refusal::BadSignature { .. } => {
            lang.of("签名不符：伪造或被改动。", "The signature is false: forged or altered.").to_owned()
        }
        Refusal::KeyNotForContent { key, .. }
        | Refusal::KeyNotForCompound { key, .. }
        | Refusal::KeyNotForKind { key, .. }
        | Refusal::KeyNotValid { key, .. } => not_entitled(key),
        Refusal::WrongOffice { .. } => {
            lang.of("签发机构与证上不符。", "Signed for one office by another.").to_owned()
        }
    }
}
