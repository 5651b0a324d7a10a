//! Words of a person's page: file, colour, observation, health checks.

use jiff::tz::TimeZone;
use pass::Timestamp;
use registry::{HealthCheck, IdentityError, NotReleased, PhoneError};

use store::{Imported, Many};

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) colour: &'static str,
    pub(crate) card: &'static str,
    pub(crate) no_card: &'static str,
    pub(crate) since: &'static str,
    pub(crate) by: &'static str,
    pub(crate) decide: &'static str,
    pub(crate) new_colour: &'static str,
    pub(crate) why: &'static str,
    pub(crate) why_hint: &'static str,
    pub(crate) decided: &'static str,
    pub(crate) decided_and_signed: &'static str,
    pub(crate) unchanged: &'static str,
    pub(crate) observation: &'static str,
    pub(crate) begun: &'static str,
    pub(crate) planned: &'static str,
    pub(crate) home: &'static str,
    pub(crate) left: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) plan_help: &'static str,
    pub(crate) plan_kept: &'static str,
    pub(crate) checks: &'static str,
    pub(crate) no_checks: &'static str,
    pub(crate) check: &'static str,
    pub(crate) temperature: &'static str,
    pub(crate) symptoms: &'static str,
    pub(crate) symptoms_hint: &'static str,
    pub(crate) check_kept: &'static str,
    pub(crate) release: &'static str,
    pub(crate) release_help: &'static str,
    pub(crate) release_to: &'static str,
    pub(crate) release_now: &'static str,
    pub(crate) mistaken: &'static str,
    pub(crate) mistaken_help: &'static str,
    pub(crate) mistaken_now: &'static str,
    pub(crate) only_health: &'static str,
    pub(crate) file: &'static str,
    pub(crate) full_name: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) identity: &'static str,
    pub(crate) identity_hint: &'static str,
    pub(crate) arrived: &'static str,
    pub(crate) came_from: &'static str,
    pub(crate) transport: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) contact_phone: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) hidden: &'static str,
    pub(crate) show: &'static str,
    pub(crate) show_help: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) household: &'static str,
    pub(crate) alone: &'static str,
    pub(crate) history: &'static str,
    pub(crate) no_history: &'static str,
    pub(crate) bad_why: &'static str,
    pub(crate) bad_colour: &'static str,
    pub(crate) bad_temperature: &'static str,
    pub(crate) bad_day: &'static str,
    pub(crate) too_long: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) register: &'static str,
    pub(crate) register_help: &'static str,
    pub(crate) books: &'static str,
    pub(crate) not_yours: &'static str,
    pub(crate) many: &'static str,
    pub(crate) many_help: &'static str,
    pub(crate) many_now: &'static str,
    pub(crate) nobody_picked: &'static str,
}

const ZH: Texts = Texts {
    colour: "颜色",
    card: "通行证",
    no_card: "还没有证。",
    since: "自",
    by: "决定人",
    decide: "改变颜色",
    new_colour: "新的颜色",
    why: "原因",
    why_hint: "不写姓名；记入操作记录。",
    decided: "已改变颜色，下一个数据包送到卡点后生效。旧证作废，请签发新证。",
    decided_and_signed: "已改变颜色，并签发了新证。下一步：打印新证，收回旧证；下一个数据包送到卡点后生效。",
    unchanged: "颜色没有变化。",
    observation: "居家观察",
    begun: "开始",
    planned: "计划结束",
    home: "住址",
    left: "还剩",
    plan: "改变计划结束日",
    plan_help: "到这一天的 0 时为止。",
    plan_kept: "计划结束日已改变。",
    checks: "健康检查",
    no_checks: "还没有健康检查。",
    check: "记录健康检查",
    temperature: "体温（℃）",
    symptoms: "有症状",
    symptoms_hint: "咳嗽、咽痛、乏力、呼吸困难、腹泻",
    check_kept: "健康检查已记录。",
    release: "解除观察（销号）",
    release_help: "观察期满，24 小时内的健康检查合格，由您签字负责。",
    release_to: "解除后的颜色",
    release_now: "签字解除",
    mistaken: "当初定错了",
    mistaken_help: "只用于从一开始就不该是红色的人。不需要健康检查，原因记入操作记录。",
    mistaken_now: "按错误更正",
    only_health: "解除红色由卫生人员或管理员办理。",
    file: "档案",
    full_name: "姓名",
    phone: "电话",
    identity: "身份证号",
    identity_hint: "加密保存。留空则不改变已保存的号码。",
    arrived: "到达日期",
    came_from: "从哪里来",
    transport: "交通工具",
    contact: "包保联系人",
    contact_phone: "联系人电话",
    notes: "备注",
    hidden: "已隐藏",
    show: "显示全名、电话和档案",
    show_help: "查看会记入操作记录。",
    keep: "保存档案",
    kept: "档案已保存。",
    household: "同户",
    alone: "没有其他人或车辆。",
    history: "经过",
    no_history: "还没有决定。",
    bad_why: "请写原因（100 个汉字以内）。没有改动任何内容。",
    bad_colour: "请选择颜色。没有改动任何内容。",
    bad_temperature: "体温须在 34.0 至 43.0 之间，如 36.5。没有改动任何内容。",
    bad_day: "日期没有写对。没有改动任何内容。",
    too_long: "有一项太长，请缩短到 200 字以内。没有改动任何内容。",
    locked: "登记库密钥没有解锁，不能保存或显示身份证号。请带口令（SANSE_PASSPHRASE）重新启动 issuer serve。没有改动任何内容。",
    unknown: "未填",
    register: "登记一人或一车",
    register_help: "姓名和车牌至少填一项；两项都填，则人和车各登记一个，颜色相同。很多人请用",
    books: "名册",
    not_yours: "这个小区不在您负责的范围内。没有改动任何内容。",
    many: "批量改变颜色",
    many_help: "勾选的每一个都改成同一颜色。红色的人不会因此解除。旧证同时作废，之后请签发并打印新证。",
    many_now: "全部改变",
    nobody_picked: "没有勾选任何人。没有改动任何内容。",
};

const EN: Texts = Texts {
    colour: "Colour",
    card: "Pass",
    no_card: "They have no card yet.",
    since: "Since",
    by: "Decided by",
    decide: "Decide the colour",
    new_colour: "New colour",
    why: "Reason",
    why_hint: "Without names; it goes into the audit log.",
    decided: "Decided. It holds at the gates from the next bundle on. The old card is void: sign a new one.",
    decided_and_signed: "Decided, and a new card is signed. Next: print it and take the old one back. It holds at the gates from the next bundle on.",
    unchanged: "The colour is the same as before.",
    observation: "Home observation",
    begun: "Begun",
    planned: "Planned end",
    home: "Home",
    left: "Left",
    plan: "Plan another end",
    plan_help: "Until midnight before this day.",
    plan_kept: "The planned end was changed.",
    checks: "Health checks",
    no_checks: "There was no health check yet.",
    check: "Record a health check",
    temperature: "Temperature (°C)",
    symptoms: "Symptoms",
    symptoms_hint: "Cough, sore throat, weakness, trouble breathing, diarrhoea",
    check_kept: "The health check is recorded.",
    release: "End the observation (sign off)",
    release_help: "The planned end is reached, and a health check of the last 24 hours found them well. You answer for it.",
    release_to: "Colour from then on",
    release_now: "Sign off",
    mistaken: "Red was a mistake",
    mistaken_help: "Only for somebody who should never have been red. It takes no health check; the reason goes into the audit log.",
    mistaken_now: "Correct the mistake",
    only_health: "A health worker or an administrator ends red.",
    file: "File",
    full_name: "Name",
    phone: "Phone",
    identity: "Identity number",
    identity_hint: "Kept encrypted. Left empty, the number that is kept stays.",
    arrived: "Day of arrival",
    came_from: "Came from",
    transport: "By",
    contact: "Contact person",
    contact_phone: "Their phone",
    notes: "Notes",
    hidden: "Hidden",
    show: "Show full name, phone and file",
    show_help: "The audit log will say that you looked.",
    keep: "Keep the file",
    kept: "The file is kept.",
    household: "Household",
    alone: "Nobody else, and no vehicle.",
    history: "History",
    no_history: "Nothing was decided yet.",
    bad_why: "Write a reason, of at most 300 bytes. Nothing was changed.",
    bad_colour: "Choose a colour. Nothing was changed.",
    bad_temperature: "A temperature lies between 34.0 and 43.0, such as 36.5. Nothing was changed.",
    bad_day: "That is no day. Nothing was changed.",
    too_long: "One of the fields is too long: shorten it to 200 characters. Nothing was changed.",
    locked: "The registry's key is locked, so identity numbers can be neither kept nor shown. Start issuer serve anew with its \
             passphrase (SANSE_PASSPHRASE). Nothing was changed.",
    unknown: "Not known",
    register: "Register a resident or a vehicle",
    register_help: "A name or a plate; with both, person and vehicle are registered with one colour. For many, take",
    books: "a roster",
    not_yours: "That compound is none of yours. Nothing was changed.",
    many: "One colour for all of them",
    many_help: "Everybody who is ticked gets one colour. Nobody who is red is released by it. Their old cards are void: sign and print new ones \
                afterwards.",
    many_now: "Decide for all",
    nobody_picked: "Nobody is ticked. Nothing was changed.",
};

/// The texts in this language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// How many days of an observation are left.
#[must_use]
pub(crate) fn days_left(days: i64, language: Language) -> String {
    match days {
        ..0 => language.choose(
            format!("已到期 {} 天：请做健康检查并销号", days.unsigned_abs()),
            format!("{} days overdue: check their health, then sign off", days.unsigned_abs()),
        ),
        0 => language
            .choose("今天到期：请做健康检查并销号", "Ends today: check their health, then sign off")
            .to_owned(),
        _ => language.choose(format!("还有 {days} 天"), format!("{days} days left")),
    }
}

/// What became of somebody who was registered.
#[must_use]
pub(crate) fn registered(imported: &Imported, language: Language) -> String {
    let Imported { added, changed, still_red, ambiguous, .. } = imported;
    match (added, changed) {
        _ if !ambiguous.is_empty() => language.choose(
            "该户有几位同名居民，请填写电话以便分清。没有改动任何内容。",
            "Several people of that name live there: give the phone number to tell them apart. Nothing was changed.",
        ),
        _ if !still_red.is_empty() => language.choose(
            "此人已登记，现为红色，颜色不变：解除红色须健康检查并销号。",
            "They are known, and red: the colour stays until a health check and a sign-off.",
        ),
        (1.., _) => language.choose("已登记。下一步：签发并打印通行证。", "Registered. Next: sign and print the pass."),
        (0, 1..) => language.choose("已登记过，内容已更新。", "They were known: what is new was changed."),
        _ => language.choose("已登记过，没有变化。", "They were known, and nothing is different."),
    }
    .to_owned()
}

/// What became of many.
#[must_use]
pub(crate) fn many(many: &Many, language: Language) -> String {
    let Many { changed, unchanged, still_red } = many;
    let still_red = still_red.len();
    language.choose(
        format!("已改变 {changed} 个，{unchanged} 个原来就是，{still_red} 个红色的不变。下一步：签发并打印新证。"),
        format!(
            "Changed: {changed}. Like that before: {unchanged}. Red, and still so: {still_red}. Next: sign and print new cards."
        ),
    )
}

/// How many are observed.
#[must_use]
pub(crate) fn observed(count: u64, language: Language) -> String {
    match count {
        0 => language.choose("没有居家观察的人。", "Nobody is observed at home.").to_owned(),
        _ => language.choose(
            format!("{count} 人居家观察，先到期的在前。"),
            format!("{count} are observed at home; whose end comes first stands first."),
        ),
    }
}

/// Why somebody can't be signed off.
#[must_use]
pub(crate) fn not_released(why: NotReleased, language: Language) -> String {
    match why {
        NotReleased::TooEarly { planned } => {
            let day = day(planned);
            language.choose(
                format!("观察期到 {day} 才满，还不能销号。没有改动任何内容。"),
                format!("The observation lasts until {day}: nobody can sign off yet. Nothing was changed."),
            )
        }
        NotReleased::NoCheck => language
            .choose(
                "24 小时内没有健康检查，不能销号。请先记录健康检查。没有改动任何内容。",
                "There was no health check in the last 24 hours: record one first. Nothing was changed.",
            )
            .to_owned(),
        NotReleased::Unwell => language
            .choose(
                "最近一次健康检查有发热或症状，不能销号。请联系医院，并记录下一次检查。没有改动任何内容。",
                "The last health check found a fever or symptoms: call the hospital, and record the next check. Nothing was changed.",
            )
            .to_owned(),
    }
}

/// What a health check found.
#[must_use]
pub(crate) fn found(check: &HealthCheck, language: Language) -> String {
    let (whole, tenths) = (check.temperature / 10, check.temperature % 10);
    let what = match (check.is_well(), check.symptoms) {
        (true, _) => language.choose("正常", "well"),
        (_, true) => language.choose("有症状", "symptoms"),
        _ => language.choose("发热", "a fever"),
    };
    language.choose(format!("{whole}.{tenths} ℃，{what}"), format!("{whole}.{tenths} °C, {what}"))
}

/// What is wrong with an identity number.
#[must_use]
pub(crate) fn bad_identity(why: IdentityError, language: Language) -> &'static str {
    match why {
        IdentityError::Form => language.choose(
            "身份证号应为 17 位数字加一位数字或 X。没有改动任何内容。",
            "An identity number has 17 digits, then a digit or X. Nothing was changed.",
        ),
        IdentityError::Birthday => language.choose(
            "身份证号里的出生日期不存在（第 7 至 14 位）。没有改动任何内容。",
            "Digits 7 to 14 of the identity number are no day of birth. Nothing was changed.",
        ),
        IdentityError::Check => language.choose(
            "身份证号的校验码不对，可能抄错了一位。没有改动任何内容。",
            "The identity number's check digit is wrong: one sign was misread. Nothing was changed.",
        ),
    }
}

/// What is wrong with a phone number.
#[must_use]
pub(crate) fn bad_phone(_: &PhoneError, language: Language) -> &'static str {
    language.choose(
        "电话没有写对：请填 11 位手机号，或带区号的座机号。没有改动任何内容。",
        "That is no phone number: write a mobile number of 11 digits, or a landline with its area code. Nothing was changed.",
    )
}

/// A health check was recorded at the command line.
#[must_use]
pub(crate) fn checked(name: &str, check: &HealthCheck, language: Language) -> String {
    let found = found(check, language);
    language.choose(
        format!("已记录 {name} 的健康检查：{found}。"),
        format!("The health check of {name} is recorded: {found}."),
    )
}

/// A day in the compounds' zone.
fn day(at: Timestamp) -> String {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let at = jiff::Timestamp::from_second(at.0).map(|at| at.to_zoned(zone));
    at.map_or_else(|_| "—".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
