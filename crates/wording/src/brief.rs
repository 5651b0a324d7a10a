//! The reasons of a verdict in a few words, by their codes: for lists, where the evidence behind a reason is not at hand.

use crate::Language;

/// What a code of [`gate::Reason`] or [`pass::Refusal`] means, in a few words; none for a code of a newer gate.
#[must_use]
pub fn brief(code: &str, lang: Language) -> Option<&'static str> {
    let (zh, en) = match code {
        "specimen" => ("样证", "specimen"),
        "other_compound" => ("其他小区的证", "pass of another compound"),
        "withdrawn" => ("证已作废", "withdrawn"),
        "suspended" => ("证已暂停", "suspended"),
        "home_closed" => ("本楼封闭", "building is closed"),
        "replaced" => ("证已换新", "replaced by a newer pass"),
        "expired" => ("证已过期", "expired"),
        "not_yet_valid" => ("还没有生效", "not yet valid"),
        "green_in" => ("绿证进入受限", "green coming in is restricted"),
        "green_out" => ("绿证外出受限", "green going out is restricted"),
        "yellow_in" => ("黄证进入受限", "yellow coming in is restricted"),
        "yellow_out" => ("黄证外出受限", "yellow going out is restricted"),
        "red_in" => ("红证回家", "red coming home"),
        "red_out" => ("红证不得外出", "red may not go out"),
        "milder_by_old_list" => ("名单过期，颜色待核实", "milder colour by an old list"),
        "no_status_list" => ("没有名单", "no status list"),
        "status_list_old" => ("名单过期", "old status list"),
        "newer_than_status_list" => ("证比名单新", "pass newer than the list"),
        "clock_in_doubt" => ("时钟可能不准", "clock in doubt"),
        "direction_unknown" => ("不知道进还是出", "direction not known"),
        "searched" => ("查找到，没有扫到证", "found by a search"),
        "party" => ("一次人数过多", "too many at once"),
        "together" => ("不得结伴外出", "may not go out together"),
        "quota_household" => ("本户次数已用完", "household's exits used up"),
        "quota_person" => ("本人次数已用完", "person's exits used up"),
        "closed" => ("小区已关门", "compound is shut"),
        "outside_windows" => ("不在外出时段", "not an hour for going out"),
        "plate_unread" => ("没有读到车牌", "plate not read"),
        "plate_differs" => ("车牌不符", "plate differs"),
        "vehicle_alone" => ("车上的人没有扫证", "nobody in the vehicle showed a pass"),
        "visitor_in" => ("来访受限", "visitors are restricted"),
        "visitor_out" => ("来访人员离开受限", "visitors leaving are restricted"),
        "visitor_too_long" => ("访客证有效期过长", "visitor's pass holds too long"),
        "host_red" => ("要去的一户在居家观察", "host under observation"),
        "host_unknown" => ("要去的一户颜色不详", "host's colour not known"),
        "temperature_missing" => ("没有测体温", "temperature not measured"),
        "temperature_low" => ("体温太低，要重测", "temperature too low to be true"),
        "temperature_again" => ("体温偏高，要重测", "high temperature, to be measured again"),
        "fever" => ("发热", "fever"),
        "passback_in" => ("没有出去的记录", "came in twice"),
        "passback_out" => ("没有回来的记录", "went out twice"),
        "colour_changed" => ("颜色已变，要换证", "colour changed, swap the card"),
        "not_a_pass" => ("不是通行证", "not a pass"),
        "lower_case" | "white_space" => ("扫码枪设置不对", "the hand scanner is set wrong"),
        "too_long" | "base45_character" | "base45_range" | "base45_length" | "truncated" | "appended"
        | "malformed" | "unprotected_header" | "algorithm" | "not_canonical" => {
            ("码已损坏或被改动", "damaged or altered code")
        }
        "wrong_content" => ("系统文件，不是通行证", "signed, but not a pass"),
        "unknown_key" => ("签发者不受信任", "signer not trusted"),
        "bad_signature" => ("签名不符：伪造或被改动", "false signature: forged or altered"),
        "key_not_for_content" | "key_not_for_compound" | "key_not_for_kind" | "key_not_valid" => {
            ("签发者无权签发", "signer may not sign this")
        }
        "wrong_office" => ("签发机构不符", "signed by another office"),
        _ => return None,
    };
    Some(lang.choose(zh, en))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Every code that the two enumerations know is found in their sources.
    #[test]
    fn every_code_has_its_words() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for source in ["../gate/src/reason.rs", "../pass/src/refusal.rs"] {
            let text = std::fs::read_to_string(here.join(source)).unwrap();
            for code in text.lines().filter_map(|line| line.split_once("=> \"")?.1.split_once('"')) {
                assert!(brief(code.0, Language::En).is_some(), "{}", code.0);
                count += 1;
            }
        }
        assert!(count > 60, "{count}");
        assert_eq!(brief("of_tomorrow", Language::Zh), None);
    }
}
