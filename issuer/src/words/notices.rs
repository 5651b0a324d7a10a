//! What stands on posters, door signs, guidance sheets and notices of closed buildings. A notice is in one language: what both
//! languages need is printed twice.

use jiff::civil::{Date, DateTime};
use pass::Colour;

use super::Language;

/// What notices say that depends on nothing. Two of them exist, so none can lack a text.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) titles: [&'static str; 4],
    pub(crate) show_your_pass: &'static str,
    pub(crate) at_the_gate: &'static str,
    pub(crate) in_the_lift: &'static str,
    pub(crate) at_the_door: &'static str,
    /// In the order of [`Colour::ALL`]: what each may do, in the fewest words.
    pub(crate) may: [&'static str; 3],
    pub(crate) how: [&'static str; 4],
    pub(crate) rules_here: &'static str,
    pub(crate) observation: &'static str,
    pub(crate) no_visitors: &'static str,
    pub(crate) door_points: [&'static str; 3],
    pub(crate) guidance: &'static str,
    pub(crate) name: &'static str,
    pub(crate) home: &'static str,
    pub(crate) period: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) points: [&'static str; 8],
    pub(crate) symptoms: &'static str,
    pub(crate) columns: [&'static str; 5],
    pub(crate) sign_resident: &'static str,
    pub(crate) sign_worker: &'static str,
    pub(crate) closed_building: &'static str,
    pub(crate) closed_unit: &'static str,
    pub(crate) closed_points: [&'static str; 5],
    pub(crate) why: &'static str,
    pub(crate) call: &'static str,
    /// The masked name on a specimen.
    pub(crate) specimen_name: &'static str,
}

const ZH: Texts = Texts {
    titles: ["告示", "居家观察门牌", "居家观察告知书", "封闭管理通告"],
    show_your_pass: "请出示通行证",
    at_the_gate: "进出一律扫码。一人一证，一车一证，一车一杆。",
    in_the_lift: "下楼前请带好通行证：没有证，卡点要逐项核对，您会多等很久。",
    at_the_door: "出本单元请带好通行证，进出小区都要扫码。",
    may: ["可以进出，遵守本小区规定", "可以外出，不结伴同行", "居家观察，不外出、不会客"],
    how: [
        "证上的二维码正对摄像头，相距约 15 厘米，停一秒。",
        "用手机的，请把屏幕调到最亮。",
        "颜色以扫码结果为准：卡面颜色有变的，请到社区换证。",
        "回家不受阻拦。忘带证的，请报房号或证号，由值守人员查找。",
    ],
    rules_here: "扫码看本小区的规定",
    observation: "居家观察",
    no_visitors: "不外出 · 不会客 · 谢绝来访",
    door_points: [
        "送货、送药请放在门口，打电话告知，不要敲门入内。",
        "期满须健康检查合格、由社区签字解除，不会自动解除。",
        "请互相体谅：观察是为了大家，也是为了住在这里的人。",
    ],
    guidance: "居家观察告知书",
    name: "姓名",
    home: "住址",
    period: "观察期",
    contact: "包保联系人",
    points: [
        "不离开家，不接待来访。同住的人也不串门。",
        "单独住一间，常开窗；与同住的人分开吃饭、分用物品。",
        "每天早晚各量一次体温，记在下表，由社区人员当天签字。",
        "需要买菜、买药、扔垃圾，找包保联系人：送到门口，放下即走。",
        "必须外出看病的，先打电话，等社区安排，不自己出门，不坐公共交通。",
        "常洗手；开门取物戴口罩；垃圾扎紧口，放门口由专人收。",
        "心里不好受，也请打电话：有人听您说。",
        "期满那天不会自动解除：健康检查合格、社区签字后换发新证，才能出门。",
    ],
    symptoms: "体温 37.3 °C 及以上、干咳、乏力、呼吸困难：马上打电话，任何时候都可以。",
    columns: ["日期", "早 °C", "晚 °C", "症状（没有写“无”）", "社区签字"],
    sign_resident: "本人已知晓并遵守：",
    sign_worker: "社区告知人：",
    closed_building: "本楼封闭管理",
    closed_unit: "本单元封闭管理",
    closed_points: [
        "住在这里的人暂不外出，也不接待来访；社区另行批准的除外。",
        "现在在外的人可以回家，回家不受阻拦。",
        "买菜、买药、收快递由社区送到门口：请打下面的电话。",
        "急病、火灾、临产不受限制：先出门，同时打电话。",
        "解除封闭以社区通告为准，您的通行证届时自动恢复，不必重新办理。",
    ],
    why: "原因",
    call: "电话",
    specimen_name: "样*本",
};

const EN: Texts = Texts {
    titles: ["Notice", "Door sign, home observation", "Guidance for home observation", "Notice of closure"],
    show_your_pass: "Show your pass",
    at_the_gate: "Everybody is scanned, going in and going out. One person, one pass; one car, one lift of the bar.",
    in_the_lift: "Take your pass before you go down: without it the gate asks you everything, and you wait.",
    at_the_door: "Take your pass when you leave this house: it is scanned going out and coming in.",
    may: [
        "May go in and out, under the compound's rules",
        "May go out, but not together with others",
        "Home observation: stays home, no visitors",
    ],
    how: [
        "Hold the code straight to the camera, a hand's length away, for a second.",
        "On a phone, turn the brightness up.",
        "The scan decides, not the card: when your colour has changed, swap the card at the office.",
        "Coming home is never refused. No pass on you? Say your room, and the guard looks you up.",
    ],
    rules_here: "What holds in this compound",
    observation: "Home observation",
    no_visitors: "Nobody goes out · no visitors",
    door_points: [
        "Leave deliveries at the door and call. Please do not knock.",
        "It ends when the health check is passed and the office has signed, never by itself.",
        "Be kind: it protects everybody, and those who live here too.",
    ],
    guidance: "Guidance for home observation",
    name: "Name",
    home: "Home",
    period: "From, until",
    contact: "Your contact",
    points: [
        "Stay home and receive nobody. Those who live with you visit nobody.",
        "Keep a room to yourself with its window open; eat apart, share no things.",
        "Take your temperature every morning and evening and write it down; a worker signs each day.",
        "For food, medicine and rubbish call your contact: it is left at the door.",
        "If you must see a doctor, call first and wait for transport. Take no bus, do not go alone.",
        "Wash your hands often, wear a mask at the door, tie rubbish up and leave it there.",
        "When it weighs on you, call as well: somebody listens.",
        "It does not end by itself: after the health check the office signs and gives you a new pass.",
    ],
    symptoms: "37.3 °C and above, dry cough, fatigue, laboured breathing: call at once, at any hour.",
    columns: ["Day", "Morning °C", "Evening °C", "Symptoms (or: none)", "Signed"],
    sign_resident: "I have read this and keep to it:",
    sign_worker: "Told by, for the office:",
    closed_building: "This building is closed",
    closed_unit: "This stairwell is closed",
    closed_points: [
        "Whoever lives here stays in and receives nobody, but for those the office lets off.",
        "Whoever is out now may come home: that is never refused.",
        "Food, medicine and parcels are brought to your door: call the number below.",
        "Illness, fire or birth come before this notice: go, and call meanwhile.",
        "The office says when it ends. Passes then hold again by themselves.",
    ],
    why: "Why",
    call: "Call",
    specimen_name: "SPECIMEN",
};

/// The texts of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

impl Texts {
    pub(crate) fn may(&self, colour: Colour) -> &'static str {
        self.may[colour as usize]
    }
}

/// The office and its telephone, at the foot of every notice.
pub(crate) fn office(name: &str, telephone: &str, language: Language) -> String {
    let call = texts(language).call;
    match (name.trim(), telephone.trim()) {
        ("", "") => String::new(),
        (name, "") => name.to_owned(),
        ("", telephone) => format!("{call} {telephone}"),
        (name, telephone) => format!("{name}　{call} {telephone}"),
    }
}

/// A contact person and their telephone.
pub(crate) fn contact(name: &str, telephone: &str) -> String {
    format!("{}　{}", name.trim(), telephone.trim()).trim().to_owned()
}

/// From one day until another.
pub(crate) fn period(from: Date, until: Date, language: Language) -> String {
    match language {
        Language::Zh => format!("{} 至 {}", day(from, language), day(until, language)),
        Language::En => format!("{} to {}", day(from, language), day(until, language)),
    }
}

/// Since when, and until when where that is known.
pub(crate) fn closed(from: DateTime, until: Option<Date>, language: Language) -> String {
    let since = match language {
        Language::Zh => from.strftime("自 %Y年%-m月%-d日 %H:%M 起").to_string(),
        Language::En => from.strftime("From %-d %B %Y, %H:%M").to_string(),
    };
    match (until, language) {
        (None, _) => since,
        (Some(until), Language::Zh) => format!("{since}，预计至 {}", day(until, language)),
        (Some(until), Language::En) => format!("{since}, expected until {}", day(until, language)),
    }
}

/// A day as people write it.
pub(crate) fn day(day: Date, language: Language) -> String {
    day.strftime(language.choose("%Y年%-m月%-d日", "%-d %B %Y")).to_string()
}

/// A day in a table.
pub(crate) fn short_day(day: Date, language: Language) -> String {
    day.strftime(language.choose("%-m月%-d日", "%-d %b")).to_string()
}

/// Which building or stairwell: 3号楼 2单元.
pub(crate) fn part_of_compound(building: &str, unit: &str, language: Language) -> String {
    let bare = |text: &str| text.trim().chars().all(|c| c.is_ascii_alphanumeric());
    match (language, unit.trim()) {
        (Language::Zh, unit) => {
            let building = if bare(building) { format!("{building}号楼") } else { building.to_owned() };
            match unit {
                "" => building,
                unit if bare(unit) => format!("{building} {unit}单元"),
                unit => format!("{building} {unit}"),
            }
        }
        (Language::En, "") => format!("Building {building}"),
        (Language::En, unit) => format!("Building {building}, unit {unit}"),
    }
}

/// A home on a notice.
pub(crate) fn home(building: &str, unit: &str, room: &str, language: Language) -> String {
    match (language, building.trim()) {
        (Language::Zh, "") => format!("{room}室"),
        (Language::En, "") => format!("Room {room}"),
        (Language::Zh, building) => format!("{} {room}室", part_of_compound(building, unit, language)),
        (Language::En, building) => format!("{}, room {room}", part_of_compound(building, unit, language)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_times_are_written_as_people_write_them() {
        use jiff::civil::date;
        let (zh, en) = (Language::Zh, Language::En);
        assert_eq!(part_of_compound("3", "2", zh), "3号楼 2单元");
        assert_eq!(part_of_compound("甲", "", zh), "甲");
        assert_eq!(part_of_compound("3", "", en), "Building 3");
        assert_eq!(home("3", "2", "501", zh), "3号楼 2单元 501室");
        assert_eq!(home("", "", "501", en), "Room 501");
        let from = date(2020, 2, 10).at(8, 5, 0, 0);
        assert_eq!(closed(from, None, zh), "自 2020年2月10日 08:05 起");
        assert_eq!(
            closed(from, Some(date(2020, 2, 24)), en),
            "From 10 February 2020, 08:05, expected until 24 February 2020"
        );
        assert_eq!(office("", "12", zh), "电话 12");
        assert_eq!(office("社区", "", zh), "社区");
    }
}
