//! The sentence of each reason for a verdict: what is the matter, and what to do or when the person may go.

use gate::{Count, Direction, Per, Reason, Unlisted, When, Whom};
use jiff::tz::TimeZone;
use pass::{Colour, Refusal, Timestamp};

use crate::{Language, colour, moment, moment_from, plural};

/// When the person may next go, for the screen; see [`gate::Decision::next`].
#[must_use]
pub fn next(at: Timestamp, zone: &TimeZone, lang: Language) -> String {
    let at = moment_from(at, zone, lang);
    lang.choose(format!("{at} 起可以通行。"), format!("May go from {at}."))
}

/// The sentence of a reason, its times in the compound's zone.
#[must_use]
pub fn reason(reason: &Reason, zone: &TimeZone, lang: Language) -> String {
    let fixed = |zh: &str, en: &str| lang.choose(zh, en).to_owned();
    let at = |at| moment(at, zone, lang);
    match *reason {
        Reason::NotBelieved(refusal) => not_believed(&refusal, lang),
        Reason::Specimen => fixed("样证，只供培训，不能通行。", "A specimen, for training only."),
        Reason::OtherCompound { compound } => lang.choose(
            format!("这是其他小区（{} 号）的通行证。", compound.0),
            format!("This pass is for another compound (no. {}).", compound.0),
        ),
        Reason::Withdrawn => {
            fixed("这张证已作废。请持证人联系社区。", "The office withdrew this pass. Call the office.")
        }
        Reason::Suspended => {
            fixed("这张证已暂停使用。请持证人联系社区。", "This pass is suspended. Call the office.")
        }
        Reason::HomeClosed { planned: Some(planned), .. } => lang.choose(
            format!("所住楼栋封闭，计划到 {}。", at(planned)),
            format!("Their building is closed, as planned until {}.", at(planned)),
        ),
        Reason::HomeClosed { since, planned: None } => lang.choose(
            format!("所住楼栋自 {} 起封闭，解封由社区通知。", at(since)),
            format!("Their building has been closed since {}. The office says when it opens.", at(since)),
        ),
        Reason::Replaced => {
            fixed("这张证已换新，旧证无效。请出示新证。", "Replaced by a newer pass. Ask for the new one.")
        }
        Reason::Expired { at: end } => lang.choose(
            format!("有效期已于 {} 结束。请到社区续期。", at(end)),
            format!("Expired on {}. The office renews it.", at(end)),
        ),
        Reason::NotYetValid { from } => {
            lang.choose(format!("{} 起才有效。", at(from)), format!("Valid only from {}.", at(from)))
        }
        Reason::ColourRule { colour, direction } => colour_rule(colour, direction, lang).to_owned(),
        Reason::MilderByOldList { signed, now } => lang.choose(
            format!(
                "名单说已由{}转{}，但名单已过期。请与社区核实。",
                colour(signed, lang),
                colour(now, lang)
            ),
            format!(
                "An old list says {} became {}. Confirm with the office.",
                colour(signed, lang),
                colour(now, lang)
            ),
        ),
        Reason::Unlisted(Unlisted::NoList) => fixed(
            "本机没有该社区的名单，查不到这张证的现状。",
            "No list from this office: the pass can't be looked up.",
        ),
        Reason::Unlisted(Unlisted::OldList { expired }) => lang.choose(
            format!("名单已于 {} 过期，请更新数据包。", at(expired)),
            format!("The list expired on {}. Load a newer bundle.", at(expired)),
        ),
        Reason::Unlisted(Unlisted::NewerThanList { issued }) => lang.choose(
            format!("这张证比名单新（名单签于 {}），请更新数据包。", at(issued)),
            format!("The pass is newer than the list of {}. Load a newer bundle.", at(issued)),
        ),
        Reason::ClockInDoubt => fixed(
            "本机时钟可能不准，有效期无法确定。请校准时钟。",
            "This gate's clock may be wrong. Set the clock.",
        ),
        Reason::DirectionUnknown => fixed(
            "不知道是进还是出：可能正要回家。请问清方向。",
            "Nobody knows which way: they may be on their way home. Ask.",
        ),
        Reason::Searched => fixed(
            "没有扫到证，是查找出来的。请核对本人。",
            "Found by a search, no code was seen. Look at the person.",
        ),
        Reason::Party { persons, limit } => lang.choose(
            format!("一次最多通行 {limit} 人，现有 {persons} 人。请分开走。"),
            format!("{} at most in one passage, here are {persons}. Go apart.", plural(limit, "person")),
        ),
        Reason::Together { since, whom, when } => together(&at(since), whom, when, lang),
        Reason::Quota { per, exits, days, count, used } => quota(per, exits, days, count, used, lang),
        Reason::Closed { opens } => lang.choose(
            format!("小区已关门，{} 开门。", moment_from(opens, zone, lang)),
            format!("The compound is shut. It opens on {}.", moment_from(opens, zone, lang)),
        ),
        Reason::OutsideWindows { opens: Some(opens) } => lang.choose(
            format!("现在不是外出时段，下一时段 {} 开始。", moment_from(opens, zone, lang)),
            format!("Not an hour for going out. The next begins on {}.", moment_from(opens, zone, lang)),
        ),
        Reason::OutsideWindows { opens: None } => {
            fixed("本小区现在没有外出时段。", "This compound has no hours for going out.")
        }
        Reason::PlateUnread => fixed("没有读到车牌。请输入车牌。", "The plate was not read. Key it in."),
        Reason::PlateDiffers => fixed(
            "车牌与证上不符。请核对车辆。",
            "The plate is not the one on the pass. Look at the vehicle.",
        ),
        Reason::VehicleAlone => fixed(
            "只扫了车证。请车上的人也出示通行证。",
            "Only the vehicle's pass was shown. Ask for the passes of those inside.",
        ),
        Reason::VisitorRule { direction: Direction::In } => {
            fixed("本小区对来访人员有限制。", "This compound restricts visitors.")
        }
        Reason::VisitorRule { direction: Direction::Out } => {
            fixed("本小区对来访人员离开有限制。", "This compound restricts visitors leaving.")
        }
        Reason::VisitorTooLong { hours } => lang.choose(
            format!("访客证最长 {hours} 小时，这张超过了。请与社区核实。"),
            format!(
                "A visitor's pass may hold {}; this one holds longer. Ask the office.",
                plural(hours, "hour")
            ),
        ),
        Reason::HostRed => fixed(
            "要去的这一户正在居家观察，不得接待访客。",
            "The household is under observation and may receive no visitors.",
        ),
        Reason::HostUnknown => fixed(
            "不知道要去的这一户是什么颜色。请与住户或社区核实。",
            "The colour of the household is not known here. Ask the household or the office.",
        ),
        Reason::TemperatureMissing => fixed("还没有测体温。请测体温。", "Measure the temperature first."),
        Reason::TemperatureLow { measured } => lang.choose(
            format!("{measured} °C 太低，测得不准。请在手腕上重测。"),
            format!("{measured} °C can't be right. Measure again, at the wrist."),
        ),
        Reason::TemperatureAgain { measured, at: again } => lang.choose(
            format!("{measured} °C 偏高。请休息，{} 再测。", moment_from(again, zone, lang)),
            format!("{measured} °C is high. Rest, and measure again at {}.", moment_from(again, zone, lang)),
        ),
        Reason::Fever { measured } => lang.choose(
            format!("休息后仍为 {measured} °C：发热。请立即报告社区。"),
            format!("Still {measured} °C after a rest: a fever. Report it to the office at once."),
        ),
        Reason::Passback { since, direction: Direction::Out } => lang.choose(
            format!("这张证 {} 已经出门，没有回来的记录。请核对本人。", at(since)),
            format!("Went out on {} and was not seen coming back. Look at the person.", at(since)),
        ),
        Reason::Passback { since, direction: Direction::In } => lang.choose(
            format!("这张证 {} 已经进门，没有出去的记录。请核对本人。", at(since)),
            format!("Came in on {} and was not seen going out. Look at the person.", at(since)),
        ),
        Reason::ColourChanged { signed, now } => lang.choose(
            format!("现为{}（证上印{}），以现在为准。请换新证。", colour(now, lang), colour(signed, lang)),
            format!("Now {} (the card says {}). Swap the card.", colour(now, lang), colour(signed, lang)),
        ),
    }
}

fn together(since: &str, whom: Whom, when: When, lang: Language) -> String {
    let who = match whom {
        Whom::Household => lang.choose("同户另一人", "Another of this household"),
        Whom::Anyone => lang.choose("另一位同类持证人", "Another such holder"),
    };
    match when {
        When::WithinMinutes(minutes) => lang.choose(
            format!("{who}已于 {since} 出门，{minutes} 分钟内不得结伴外出。"),
            format!("{who} went out on {since}; they may not go out within {}.", plural(minutes, "minute")),
        ),
        When::WhileOutsideAtMostHours(_) => lang.choose(
            format!("{who}已于 {since} 出门，还没有回来。"),
            format!("{who} went out on {since} and is not back yet."),
        ),
    }
}

fn quota(per: Per, exits: u16, days: u16, count: Count, used: u16, lang: Language) -> String {
    let of = match per {
        Per::Household => lang.choose("每户", "per household"),
        Per::Person => lang.choose("每人", "per person"),
    };
    let zh = match count {
        Count::Rolling => format!("每 {days} 天（按小时滚动）"),
        Count::CalendarDays => format!("每 {days} 天（按日历）"),
    };
    lang.choose(
        format!("{of}{zh}只能出 {exits} 人次，已出 {used} 人次。"),
        format!("{} {of} in {}; {used} went out.", plural(exits, "exit"), plural(days, "day")),
    )
}

fn colour_rule(colour: Colour, direction: Direction, lang: Language) -> &'static str {
    match (colour, direction) {
        (Colour::Green, Direction::Out) => {
            lang.choose("本小区对绿证外出有限制。", "This compound restricts green going out.")
        }
        (Colour::Green, Direction::In) => {
            lang.choose("本小区对绿证进入有限制。", "This compound restricts green coming in.")
        }
        (Colour::Yellow, Direction::Out) => {
            lang.choose("本小区对黄证外出有限制。", "This compound restricts yellow going out.")
        }
        (Colour::Yellow, Direction::In) => {
            lang.choose("本小区对黄证进入有限制。", "This compound restricts yellow coming in.")
        }
        (Colour::Red, Direction::Out) => {
            lang.choose("居家观察期间不得外出。", "Under home observation: may not go out.")
        }
        (Colour::Red, Direction::In) => lang.choose(
            "居家观察人员曾外出。让其回家，并立即报告社区。",
            "Was outside while under observation. Let them go home, and report it at once.",
        ),
    }
}

fn not_believed(refusal: &Refusal, lang: Language) -> String {
    let damaged = || {
        lang.choose(
            "这个码已损坏或被改动，不是社区签发的原样。",
            "This code is damaged or was altered: not as the office signed it.",
        )
        .to_owned()
    };
    let not_entitled = |key: &pass::KeyId| {
        lang.choose(
            format!("签发者（密钥 {key}）无权签发这种证。请报告社区。"),
            format!("Its signer (key {key}) may not sign this. Report it to the office."),
        )
    };
    match refusal {
        Refusal::NotAPass => lang.choose("这不是通行证。", "This is not a pass.").to_owned(),
        Refusal::LowerCase => lang
            .choose(
                "扫码枪把字母变成了小写。请用摄像头，或改扫码枪设置。",
                "The reader made its letters small. Use the camera, or set the reader right.",
            )
            .to_owned(),
        Refusal::WhiteSpace { .. } => lang
            .choose(
                "扫码枪加进了空白。请用摄像头，或改扫码枪设置。",
                "The reader put white space into it. Use the camera, or set the reader right.",
            )
            .to_owned(),
        Refusal::TooLong { .. } => lang.choose("内容太长，不是通行证。", "Too long to be a pass.").to_owned(),
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
            lang.choose("这是系统文件，不是通行证。", "Signed, but not a pass.").to_owned()
        }
        Refusal::UnknownKey { key } => lang.choose(
            format!("签发者（密钥 {key}）不受本门信任。"),
            format!("Signed by somebody this gate does not trust (key {key})."),
        ),
        Refusal::BadSignature { .. } => {
            lang.choose("签名不符：伪造或被改动。", "The signature is false: forged or altered.").to_owned()
        }
        Refusal::KeyNotForContent { key, .. }
        | Refusal::KeyNotForCompound { key, .. }
        | Refusal::KeyNotForKind { key, .. }
        | Refusal::KeyNotValid { key, .. } => not_entitled(key),
        Refusal::WrongOffice { .. } => {
            lang.choose("签发机构与证上不符。", "Signed for one office by another.").to_owned()
        }
    }
}
