//! Words of the building board and of a household's page.

use gate::{Exemption, ExemptionKind};
use pass::Timestamp;

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) board: &'static str,
    pub(crate) compound: &'static str,
    pub(crate) building: &'static str,
    pub(crate) all_buildings: &'static str,
    pub(crate) show: &'static str,
    pub(crate) homes: &'static str,
    pub(crate) vacant: &'static str,
    pub(crate) floor: &'static str,
    pub(crate) door: &'static str,
    pub(crate) other_rooms: &'static str,
    pub(crate) no_homes: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) people: &'static str,
    pub(crate) vehicles: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) let_off: &'static str,
    pub(crate) register: &'static str,
}

const ZH: Texts = Texts {
    board: "楼栋",
    compound: "小区",
    building: "楼栋",
    all_buildings: "全部楼栋",
    show: "显示",
    homes: "户数",
    vacant: "空",
    floor: "层",
    door: "门",
    other_rooms: "其他房号",
    no_homes: "还没有住户。请先导入名册或登记居民。",
    choose: "住户较多，请点选一栋楼查看每户。",
    people: "居民",
    vehicles: "车辆",
    nobody: "空置，没有登记居民。",
    let_off: "豁免",
    register: "登记居民",
};

const EN: Texts = Texts {
    board: "Buildings",
    compound: "Compound",
    building: "Building",
    all_buildings: "All buildings",
    show: "Show",
    homes: "Homes",
    vacant: "vacant",
    floor: "Floor",
    door: "Door",
    other_rooms: "Other rooms",
    no_homes: "There is no household yet. Import a roster, or register residents.",
    choose: "There are many homes: choose a building to see each of them.",
    people: "Residents",
    vehicles: "Vehicles",
    nobody: "Vacant: nobody is registered here.",
    let_off: "Let off",
    register: "Register a resident",
};

/// The texts in a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// A stairwell, or a building without any.
pub(crate) fn stairwell(building: &str, unit: &str, language: Language) -> String {
    match unit.is_empty() {
        true => language.choose(format!("{building}栋"), format!("Building {building}")),
        false => {
            language.choose(format!("{building}栋{unit}单元"), format!("Building {building}, unit {unit}"))
        }
    }
}

/// What somebody is let off, and until when.
pub(crate) fn exemption(
    exemption: &Exemption,
    moment: &dyn Fn(Timestamp) -> String,
    language: Language,
) -> String {
    let kind = match exemption.kind {
        ExemptionKind::Commuter => language.choose("通勤", "commuter"),
        ExemptionKind::Medical => language.choose("医护", "medical staff"),
    };
    let of = match (exemption.quota, exemption.hours) {
        (true, true) => language.choose("次数和时段", "quotas and hours"),
        (true, false) => language.choose("次数", "quotas"),
        (false, true) => language.choose("时段", "hours"),
        (false, false) => language.choose("无", "nothing"),
    };
    match exemption.until.map(moment) {
        None => language.choose(format!("{kind}：不限{of}"), format!("{kind}: {of}")),
        Some(until) => {
            language.choose(format!("{kind}：不限{of}，至 {until}"), format!("{kind}: {of}, until {until}"))
        }
    }
}
