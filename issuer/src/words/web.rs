//! What the pages say.

use pass::{Colour, Kind};
use registry::Address;
use store::Count;

use super::Language;

/// The texts of the pages that hold nothing but words. Two of them exist, so none can lack one.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) tag: &'static str,
    pub(crate) other_language: &'static str,
    pub(crate) product: &'static str,
    pub(crate) residents: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) search: &'static str,
    pub(crate) search_hint: &'static str,
    pub(crate) any_colour: &'static str,
    pub(crate) any_compound: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) any_kind: &'static str,
    pub(crate) building: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) pass_state: &'static str,
    pub(crate) any_pass: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) colour: &'static str,
    pub(crate) compound: &'static str,
    pub(crate) find: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) holder: &'static str,
    pub(crate) home: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) until: &'static str,
    pub(crate) state: &'static str,
    pub(crate) no_pass: &'static str,
    pub(crate) open: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) nobody_remedy: &'static str,
    pub(crate) previous: &'static str,
    pub(crate) next: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) first: &'static str,
    /// In the order of [`Colour::ALL`].
    pub(crate) colours: [&'static str; 3],
    /// In the order of [`Kind::ALL`].
    pub(crate) kinds: [&'static str; 4],
    pub(crate) valid: &'static str,
    pub(crate) expired: &'static str,
    pub(crate) not_yet: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) suspended: &'static str,
    pub(crate) replaced: &'static str,
    pub(crate) short_code: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) bright: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) void: &'static str,
    pub(crate) void_remedy: &'static str,
    pub(crate) what_colours_mean: &'static str,
    pub(crate) rules_here: &'static str,
    pub(crate) ask_the_office: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_remedy: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) broken_remedy: &'static str,
    pub(crate) not_allowed: &'static str,
    pub(crate) bad_form: &'static str,
    pub(crate) bad_form_remedy: &'static str,
    pub(crate) bad_upload: &'static str,
    pub(crate) bad_upload_remedy: &'static str,
    pub(crate) stale_form: &'static str,
    pub(crate) stale_form_remedy: &'static str,
}

const ZH: Texts = Texts {
    tag: "zh-CN",
    other_language: "English",
    product: "三色门",
    residents: "居民与通行证",
    skip: "跳到正文",
    search: "查找",
    search_hint: "姓名、拼音、车牌、房号、电话、证号",
    any_colour: "全部颜色",
    any_compound: "全部小区",
    kind: "类别",
    any_kind: "居民和车辆",
    building: "楼栋",
    unit: "单元",
    pass_state: "通行证",
    any_pass: "全部通行证",
    stopped: "已撤销或暂停",
    colour: "颜色",
    compound: "小区",
    find: "查找",
    clear: "清除",
    holder: "姓名 / 车牌",
    home: "住址",
    pass: "证号",
    until: "有效期至",
    state: "状态",
    no_pass: "未签发",
    open: "手机页",
    nobody: "没有找到。",
    nobody_remedy: "请减少条件，或换一个词再找。",
    previous: "上一页",
    next: "下一页",
    pages: "翻页",
    first: "第一页",
    colours: ["绿", "黄", "红"],
    kinds: ["居民", "车辆", "访客", "样本"],
    valid: "有效",
    expired: "已过期",
    not_yet: "尚未生效",
    withdrawn: "已撤销",
    suspended: "已暂停",
    replaced: "已换新证",
    short_code: "证号",
    code_label: "通行证二维码",
    bright: "请把屏幕调亮，二维码正对扫码口。",
    as_of: "查看时间",
    void: "无效",
    void_remedy: "请联系社区办理。",
    what_colours_mean: "三种颜色各能做什么",
    rules_here: "本小区的规定",
    ask_the_office: "有疑问，问社区",
    not_found: "没有这个页面",
    not_found_remedy: "链接可能不完整或已失效。请向社区索取新的链接。",
    broken: "暂时无法读取登记册",
    broken_remedy: "请稍后再试。若一直如此，请联系社区管理员。",
    not_allowed: "您的角色不能做这件事",
    bad_form: "提交的内容无法读取",
    bad_form_remedy: "没有改动任何内容。请返回上一页，重新填写后再提交。",
    bad_upload: "没有收到文件，或文件太大",
    bad_upload_remedy: "没有改动任何内容。请返回上一页，选好文件再提交。",
    stale_form: "页面已过期",
    stale_form_remedy: "没有改动任何内容。请返回上一页，刷新后再提交。",
};

const EN: Texts = Texts {
    tag: "en",
    other_language: "中文",
    product: "Sanse Gate",
    residents: "Residents and passes",
    skip: "Skip to the content",
    search: "Search",
    search_hint: "Name, pinyin, plate, room, phone, pass no.",
    any_colour: "All colours",
    any_compound: "All compounds",
    kind: "Kind",
    any_kind: "All kinds",
    building: "Building",
    unit: "Unit",
    pass_state: "Pass",
    any_pass: "Any or none",
    stopped: "Withdrawn or suspended",
    colour: "Colour",
    compound: "Compound",
    find: "Search",
    clear: "Clear",
    holder: "Name / plate",
    home: "Home",
    pass: "Pass no.",
    until: "Valid until",
    state: "State",
    no_pass: "Not issued",
    open: "Phone page",
    nobody: "Nobody found.",
    nobody_remedy: "Ask for less, or try another word.",
    previous: "Previous",
    next: "Next",
    pages: "Pages",
    first: "First page",
    colours: ["Green", "Yellow", "Red"],
    kinds: ["Resident", "Vehicle", "Visitor", "Specimen"],
    valid: "Valid",
    expired: "Expired",
    not_yet: "Not yet valid",
    withdrawn: "Withdrawn",
    suspended: "Suspended",
    replaced: "Replaced by a newer pass",
    short_code: "Pass no.",
    code_label: "QR code of the pass",
    bright: "Turn the brightness up and hold the code straight to the scanner.",
    as_of: "Shown at",
    void: "Not valid",
    void_remedy: "Please ask your community office.",
    what_colours_mean: "What each colour may do",
    rules_here: "The rules of this compound",
    ask_the_office: "Questions? Ask the office",
    not_found: "There is no such page",
    not_found_remedy: "The link may be incomplete, or has ended. Ask the community office for a new one.",
    broken: "The register can't be read at the moment",
    broken_remedy: "Try again in a while. If it stays so, tell the office's administrator.",
    not_allowed: "Your role doesn't do this",
    bad_form: "What was sent can't be read",
    bad_form_remedy: "Nothing was changed. Go back, fill the form in again and send it.",
    bad_upload: "No file came, or one that is too large",
    bad_upload_remedy: "Nothing was changed. Go back, choose a file and send it.",
    stale_form: "This page is out of date",
    stale_form_remedy: "Nothing was changed. Go back, load the page anew and send it again.",
};

/// The texts of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// A card whose colour is another one now.
pub(crate) fn changed(signed: Colour, now: Colour, language: Language) -> String {
    let word = |colour: Colour| texts(language).colours[colour as usize];
    match language {
        Language::Zh => format!("卡面为{}，现为{}，请换证", word(signed), word(now)),
        Language::En => format!("Card says {}, now {}: swap the card", word(signed), word(now)),
    }
}

/// The same in a few words, for the band of the phone page.
pub(crate) fn in_short(colour: Colour, language: Language) -> &'static str {
    match colour {
        Colour::Green => language.choose("可以进出", "May go in and out"),
        Colour::Yellow => language.choose("限制外出", "May go out, with limits"),
        Colour::Red => language.choose("不得外出", "May not go out"),
    }
}

/// What a holder of this colour may do (the rules a compound adds come on top).
pub(crate) fn allowed(colour: Colour, kind: Kind, language: Language) -> &'static str {
    match (kind, colour) {
        (Kind::Vehicle, Colour::Green) => language.choose(
            "可以进出小区，一人一车一杆。",
            "May go in and out, one vehicle at each lift of the bar.",
        ),
        (Kind::Vehicle, Colour::Yellow) => language.choose(
            "可以进出小区，同车人数有限，须逐人查验。",
            "May go in and out; the people in it are limited and checked one by one.",
        ),
        (Kind::Vehicle, Colour::Red) => {
            language.choose("不得驶出小区。回小区不受阻拦。", "May not leave. Coming home is never refused.")
        }
        (_, Colour::Green) => language
            .choose("可以进出小区，遵守本小区规定。", "May go in and out, under the compound's rules."),
        (_, Colour::Yellow) => {
            language.choose("可以外出，不要结伴同行。", "May go out, but not together with other holders.")
        }
        (_, Colour::Red) => language.choose(
            "居家观察：不得外出，不接待访客。回家不受阻拦。",
            "Home observation: may not go out, no visitors. Coming home is never refused.",
        ),
    }
}

/// Where somebody lives: 3栋2单元501室.
pub(crate) fn home(address: &Address, language: Language) -> String {
    let Address { building, unit, room } = address;
    match (language, unit.is_empty()) {
        (Language::Zh, true) => format!("{building}栋{room}室"),
        (Language::Zh, false) => format!("{building}栋{unit}单元{room}室"),
        (Language::En, true) => format!("Bldg {building}, room {room}"),
        (Language::En, false) => format!("Bldg {building}, unit {unit}, room {room}"),
    }
}

/// Since when somebody has a colour.
pub(crate) fn since(date: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("{date} 起"),
        Language::En => format!("since {date}"),
    }
}

/// How many were found.
pub(crate) fn found(count: Count, language: Language) -> String {
    match (language, count) {
        (Language::Zh, Count::Exactly(count)) => format!("共 {count} 条"),
        (Language::Zh, Count::MoreThan(count)) => format!("超过 {count} 条"),
        (Language::En, Count::Exactly(1)) => "1 found".to_owned(),
        (Language::En, Count::Exactly(count)) => format!("{count} found"),
        (Language::En, Count::MoreThan(count)) => format!("more than {count} found"),
    }
}

/// Passes that end within so many days.
pub(crate) fn ends_within(days: u32, language: Language) -> String {
    match language {
        Language::Zh => format!("{days} 天内到期"),
        Language::En => format!("Ends within {days} days"),
    }
}
