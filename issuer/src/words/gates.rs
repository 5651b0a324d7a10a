//! Words of the page of gates, of who works there, and when.

use gate::Role;
use pass::Timestamp;
use store::{GateReport, GateTrouble};

use super::Language;
use crate::duty::NoDuty;
use crate::exchange::{CannotMake, SLIPPED};
use crate::lag::Lag;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) gates: &'static str,
    pub(crate) compound: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) no_compounds: &'static str,
    pub(crate) no_gates: &'static str,
    pub(crate) name: &'static str,
    pub(crate) fingerprint: &'static str,
    pub(crate) since: &'static str,
    pub(crate) do_what: &'static str,
    pub(crate) bundle: &'static str,
    pub(crate) bundle_help: &'static str,
    pub(crate) bundle_plain: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) invite: &'static str,
    pub(crate) invite_help: &'static str,
    pub(crate) heard: &'static str,
    pub(crate) trust: &'static str,
    pub(crate) struck: &'static str,
    pub(crate) struck_help: &'static str,
    pub(crate) troubles: &'static str,
    pub(crate) by_hand: &'static str,
    pub(crate) add_gate: &'static str,
    pub(crate) gate_name: &'static str,
    pub(crate) gate_key: &'static str,
    pub(crate) gate_key_help: &'static str,
    pub(crate) staff: &'static str,
    pub(crate) no_staff: &'static str,
    pub(crate) person: &'static str,
    pub(crate) role: &'static str,
    pub(crate) add_staff: &'static str,
    pub(crate) add_staff_help: &'static str,
    pub(crate) pin_told: &'static str,
    pub(crate) duty: &'static str,
    pub(crate) no_duty: &'static str,
    pub(crate) who: &'static str,
    pub(crate) at_gate: &'static str,
    pub(crate) any_gate: &'static str,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    pub(crate) days: &'static str,
    pub(crate) add_duty: &'static str,
    pub(crate) clear_duty: &'static str,
    pub(crate) bad_name: &'static str,
    pub(crate) bad_key: &'static str,
    pub(crate) bad_days: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) gone: &'static str,
}

const ZH: Texts = Texts {
    gates: "卡点",
    compound: "小区",
    choose: "选择",
    no_compounds: "还没有小区。请先导入名册。",
    no_gates: "这个小区还没有登记卡点。",
    name: "名称",
    fingerprint: "密钥指纹",
    since: "登记时间",
    do_what: "办理",
    bundle: "下载数据包",
    bundle_help: "数据包含规则、状态清单，以及只有该卡点能打开的居民信息。拷到 U 盘，在卡点运行 kiosk load。72 小时内有效，请每天更新。",
    bundle_plain: "下载不含居民信息的数据包",
    locked: "签发密钥没有解锁，不能制作数据包。请带口令（SANSE_PASSPHRASE）重新启动 issuer serve。",
    remove: "注销",
    invite: "邀请卡点",
    invite_help: "新卡点的镜头对准邀请二维码，就登记好了，并自动保持最新。卡点丢失或被盗，请立即注销：它的密钥什么也打不开，它之后上报的一概不收。",
    heard: "联系情况",
    trust: "各卡点信任哪些密钥",
    struck: "已注销的卡点",
    struck_help: "这些密钥不会再被接受。",
    troubles: "上报记录的异常",
    by_hand: "没有网络：用文件登记卡点",
    add_gate: "登记卡点",
    gate_name: "卡点名称",
    gate_key: "卡点公钥",
    gate_key_help: "在卡点运行 kiosk key，把显示的第一行粘贴到这里，并与卡点屏幕核对指纹。名称相同则换成新密钥。",
    staff: "值守人员",
    no_staff: "还没有值守人员。",
    person: "姓名",
    role: "职责",
    add_staff: "增加人员",
    add_staff_help: "系统会生成 PIN，只显示一次。更新数据包后，卡点才认得此人。",
    pin_told: "PIN 只显示这一次，请当面告知本人：",
    duty: "排班",
    no_duty: "今后没有排班。",
    who: "谁",
    at_gate: "在哪个卡点",
    any_gate: "不限",
    from: "从",
    until: "到",
    days: "连续几天",
    add_duty: "排班",
    clear_duty: "清空今后的排班",
    bad_name: "名称须为 1 至 64 个字节（约 21 个汉字）。没有改动任何内容。",
    bad_key: "这不是卡点公钥。请在卡点运行 kiosk key，复制第一行。没有改动任何内容。",
    bad_days: "时间没有写对，或天数不在 1 到 366 之间。没有改动任何内容。",
    elsewhere: "这个名称或密钥已用于别的卡点。没有改动任何内容。",
    gone: "没有找到，可能已被移除。没有改动任何内容。",
};

const EN: Texts = Texts {
    gates: "Gates",
    compound: "Compound",
    choose: "Choose",
    no_compounds: "There is no compound yet. Import a roster first.",
    no_gates: "No gate of this compound is known yet.",
    name: "Name",
    fingerprint: "Fingerprint of its key",
    since: "Known since",
    do_what: "Actions",
    bundle: "Download its bundle",
    bundle_help: "A bundle holds the rules, the status list, and the people, sealed so that this gate alone can open them. Take it there on a \
                  stick and run kiosk load. It is good for 72 hours: renew it every day.",
    bundle_plain: "Download a bundle without people",
    locked: "The signing key is locked, so no bundle can be made. Start issuer serve anew with its passphrase (SANSE_PASSPHRASE).",
    remove: "Strike off",
    invite: "Invite a gate",
    invite_help: "A new gate holds the invitation's code before its camera and is enrolled; from then on it is kept up to date. One that was                   lost or stolen is struck off at once: its key opens nothing, and nothing it tells later counts.",
    heard: "Last heard",
    trust: "Which keys each gate trusts",
    struck: "Gates that were struck off",
    struck_help: "These keys are never taken again.",
    troubles: "What is wrong with reported events",
    by_hand: "Without a network: make a gate known by files",
    add_gate: "Make a gate known",
    gate_name: "Name of the gate",
    gate_key: "Public key of the gate",
    gate_key_help: "Run kiosk key at the gate, paste its first line here, and compare the fingerprint with the gate's screen. A name that is \
                    known gets the new key.",
    staff: "Staff",
    no_staff: "Nobody works here yet.",
    person: "Name",
    role: "Role",
    add_staff: "Add somebody",
    add_staff_help: "A PIN is made and shown once. The gate knows them from its next bundle on.",
    pin_told: "This PIN is shown only now. Tell it to its owner:",
    duty: "Duty roster",
    no_duty: "No duties are planned.",
    who: "Who",
    at_gate: "At which gate",
    any_gate: "Any",
    from: "From",
    until: "Until",
    days: "Days in a row",
    add_duty: "Plan the duty",
    clear_duty: "Clear future duties",
    bad_name: "A name has 1 to 64 bytes. Nothing was changed.",
    bad_key: "This is no gate's key. Run kiosk key at the gate and copy its first line. Nothing was changed.",
    bad_days: "The times aren't right, or the days are not between 1 and 366. Nothing was changed.",
    elsewhere: "Another gate has this name or this key. Nothing was changed.",
    gone: "It isn't there: somebody may have removed it. Nothing was changed.",
};

/// The texts in this language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// What somebody does at a gate.
#[must_use]
pub(crate) fn role(role: Role, language: Language) -> &'static str {
    match role {
        Role::Guard => language.choose("值守", "Guard"),
        Role::Supervisor => language.choose("主管", "Supervisor"),
    }
}

/// A gate is known now.
#[must_use]
pub(crate) fn gate_added(name: &str, fingerprint: &str, language: Language) -> String {
    language.choose(
        format!("已登记卡点 {name}。请与卡点屏幕核对密钥指纹：{fingerprint}"),
        format!(
            "The gate {name} is known. Compare the fingerprint of its key with its screen: {fingerprint}"
        ),
    )
}

/// What a gate lacks.
#[must_use]
pub(crate) fn lag(lag: Lag, language: Language) -> &'static str {
    match lag {
        Lag::Parts => language.choose("数据不是最新", "not up to date"),
        Lag::TrustList => language.choose("信任清单不是最新", "its trust list is old"),
        Lag::Clock => language.choose("卡点时钟可疑", "its clock is in doubt"),
    }
}

/// When a gate was last heard.
#[must_use]
pub(crate) fn heard(
    report: Option<&GateReport>,
    reports: bool,
    now: Timestamp,
    language: Language,
) -> String {
    let Some(report) = report else {
        return match reports {
            true => language.choose("登记后还没有联系过", "not since it enrolled"),
            false => language.choose("用文件往来", "works by files"),
        }
        .to_owned();
    };
    let seconds = now.since(report.heard).max(0);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let events = report.through;
    let (zh, en) = match (minutes, hours) {
        (0, _) => ("刚刚".to_owned(), "just now".to_owned()),
        (_, 0) => (format!("{minutes} 分钟前"), format!("{minutes} min ago")),
        (_, 1..48) => (format!("{hours} 小时前"), format!("{hours} h ago")),
        _ => (format!("{} 天前", hours / 24), format!("{} days ago", hours / 24)),
    };
    language.choose(format!("{zh}，记录到第 {events} 条"), format!("{en}; {events} events logged"))
}

/// What was wrong with a gate's events, and what to do.
#[must_use]
pub(crate) fn trouble(trouble: &GateTrouble, at: &str, language: Language) -> String {
    let GateTrouble { gate, sequence, what, .. } = trouble;
    if let Some(codes) = what.strip_prefix(SLIPPED) {
        return slipped(gate, *sequence, codes, at, language);
    }
    let (zh, en) = match what.as_str() {
        "gap" => (
            "此前有缺失的记录：可能是卡点换了磁盘、丢失了记录，或已超过保存期",
            "events before it are missing: its disk was changed or lost some, or their time was over",
        ),
        "fork" => (
            "同一序号有两条不同的记录：机器被复制，或磁盘被恢复到以前。两条都已保留，请检查这台机器",
            "there are two different events: the machine was copied, or its disk was put back to an earlier day. Both are kept; look at              the machine",
        ),
        "altered" => (
            "与上一条接不上：记录被改写过。两边都已保留，请检查这台机器",
            "does not follow from the one before: events were rewritten. Both are kept; look at the machine",
        ),
        "foreign" => ("不是这个卡点的记录，没有收下", "is not this gate's own, and was not taken"),
        _ => ("读不出来，没有收下", "can't be read, and was not taken"),
    };
    language.choose(
        format!("{at} 卡点“{gate}”第 {sequence} 条：{zh}。"),
        format!("{at}, gate {gate:?}, event {sequence}: {en}."),
    )
}

/// Somebody was admitted whom a gate that knew of the others would have stopped.
fn slipped(gate: &str, sequence: u64, codes: &str, at: &str, language: Language) -> String {
    let why = codes.split_whitespace().map(|code| match code {
        "quota_household" | "quota_person" => {
            language.choose("限额已在别的卡点用完", "the quota had been used up at another gate")
        }
        "two_places" => language
            .choose("同一张证一分钟内还在别的卡点用过", "the same card was at another gate within a minute"),
        "passback_in" | "passback_out" => {
            language.choose("此人已从别的卡点出入过", "the person had passed another gate the same way")
        }
        _ => language.choose("别的卡点的记录不允许", "what another gate had logged forbade it"),
    });
    let why: Vec<&str> = why.collect();
    let why = why.join(language.choose("，", "; "));
    language.choose(
        format!("{at} 发现：卡点“{gate}”离线时放行的第 {sequence} 条，{why}。请核查此人去向。"),
        format!("Found {at}: gate {gate:?}, event {sequence}, was admitted while gates were apart: {why}. Ask after the person."),
    )
}

/// Something is no more.
#[must_use]
pub(crate) fn removed(name: &str, language: Language) -> String {
    language.choose(format!("已移除 {name}。"), format!("{name} was removed."))
}

/// Duties that were planned, or cleared.
#[must_use]
pub(crate) fn duties(count: u64, language: Language) -> String {
    language
        .choose(format!("排班已更新：{count} 条。"), format!("The duty roster is changed: {count} lines."))
}

/// Why there is no bundle.
#[must_use]
pub(crate) fn no_bundle(why: &CannotMake, language: Language) -> String {
    match why {
        CannotMake::NotCovered(compound) => language.choose(
            format!("签发密钥不包括小区“{}”，不能制作数据包。请管理员换发密钥。", compound.name),
            format!(
                "The signing key does not cover {:?}: have the administrator make one that does.",
                compound.name
            ),
        ),
        CannotMake::May(_) => language
            .choose(
                "签发密钥不能签这类内容。请管理员换发密钥，或下载不含居民信息的数据包。",
                "The signing key may not sign this: have the administrator make one that does, or take a bundle without people.",
            )
            .to_owned(),
        CannotMake::TooMuch(what) => language.choose(
            format!("内容太多，装不进数据包（{what}）。"),
            format!("There is more than a bundle holds ({what})."),
        ),
        CannotMake::Store(error) => super::store::problem(error, language),
        CannotMake::Other(why) => format!("{why:#}"),
    }
}

/// Why no duty was planned.
#[must_use]
pub(crate) fn no_duty(why: NoDuty, language: Language) -> &'static str {
    match why {
        NoDuty::NoSuchTime => texts(language).bad_days,
        NoDuty::Backwards => language.choose(
            "结束时间须晚于开始时间；夜班请把结束写成第二天。没有改动任何内容。",
            "The end must come after the beginning; a night's duty ends on the next day. Nothing was changed.",
        ),
    }
}
