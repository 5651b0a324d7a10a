//! The sample compound: 40 households, some with vehicles, all three colours, and what changes after a day.
//!
//! Every name, number and plate in it is made up; the telephone numbers are from a stretch that is never given out.

/// A roster's first line.
const HEADER: &str = "小区,楼栋,单元,房号,姓名,电话,车牌,颜色\n";
const COMPOUND: &str = "翠湖小区";
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "欧阳",
];
const GIVEN: [&str; 12] =
    ["建国", "秀英", "伟", "芳", "志强", "桂兰", "浩然", "雨欣", "明", "淑珍", "子涵", "丽华"];
/// Households with a late registration: they come after the gate's bundle was written.
const LATE: usize = 2;
const HOUSEHOLDS: usize = 40;

/// Who works at the gate: name and role.
pub(crate) const STAFF: [(&str, &str); 2] = [("李师傅", "guard"), ("王主管", "supervisor")];
/// Who works in the office: name and role.
pub(crate) const ACCOUNTS: [(&str, &str); 3] =
    [("张主任", "administrator"), ("陈社工", "community-worker"), ("林医生", "health-worker")];
/// Whom the office lets off quotas and hours, and as what.
pub(crate) const EXEMPT: (&str, &str) = ("1-1-401", "medical");
/// The home of somebody who lives alone, and whose red was a mistake: no roster ends red, so it is corrected by a decision.
pub(crate) const MISTAKEN: &str = "1-1-101";
/// Words that somebody is found by: a name's first character, initials in pinyin, a room.
pub(crate) const LOOK_FOR: &str = "王, wjg, 1-1-201";

/// One person of a yellow household in two days: a second one is told when they may go.
pub(crate) fn quotas() -> serde_json::Value {
    serde_json::json!([{
        "per": "household",
        "exits": 1,
        "days": 2,
        "count": "calendar_days",
        "colours": { "green": false, "yellow": true, "red": false },
        "exemptions": true,
        "verdict": "refuse",
    }])
}

/// The compound's name.
pub(crate) fn compound() -> &'static str {
    COMPOUND
}

/// The roster of the first day: all households but the late ones.
pub(crate) fn first_day() -> String {
    roster(0..HOUSEHOLDS - LATE, |_, colour| colour)
}

/// The same roster a day later: one family has come back from a red area.
pub(crate) fn second_day() -> String {
    roster(0..HOUSEHOLDS - LATE, |household, colour| if household == 5 { "红" } else { colour })
}

/// The households that registered late.
pub(crate) fn late() -> String {
    roster(HOUSEHOLDS - LATE..HOUSEHOLDS, |_, _| "黄")
}

fn roster(
    households: std::ops::Range<usize>,
    colour: impl Fn(usize, &'static str) -> &'static str,
) -> String {
    let mut text = HEADER.to_owned();
    for household in households {
        let home = format!("{},{},{}", household / 12 + 1, household / 6 % 2 + 1, 101 + household % 6 * 100);
        let colour = colour(household, usual_colour(household));
        for member in 0..1 + household % 3 {
            let person = household * 3 + member;
            let surname = SURNAMES[(household + member / 2 * 7) % SURNAMES.len()];
            let name = format!("{surname}{}", GIVEN[person * 5 % GIVEN.len()]);
            text += &format!("{COMPOUND},{home},{name},1990000{person:04},,{colour}\n");
        }
        if household % 5 == 2 {
            text += &format!("{COMPOUND},{home},,,鄂A{:05},{colour}\n", 10_007 + household * 613);
        }
    }
    text
}

/// One household in thirteen under observation, one in six back from another province.
fn usual_colour(household: usize) -> &'static str {
    match household {
        _ if household.is_multiple_of(13) => "红",
        _ if household % 6 == 3 => "黄",
        _ => "绿",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_households_vehicles_and_all_colours() {
        let all = first_day() + late().split_once('\n').unwrap().1;
        let homes: std::collections::BTreeSet<String> = all
            .lines()
            .skip(1)
            .map(|row| row.split(',').skip(1).take(3).collect::<Vec<_>>().join("-"))
            .collect();
        assert_eq!(homes.len(), HOUSEHOLDS);
        assert!(all.lines().filter(|row| row.contains("鄂A")).count() >= 5);
        for colour in ["红", "黄", "绿"] {
            assert!(all.lines().any(|row| row.ends_with(colour)), "{colour}");
        }
        assert_ne!(first_day(), second_day());
    }
}
