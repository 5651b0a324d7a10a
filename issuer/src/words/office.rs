//! What stands around the office's pages, and the words of signing in, of accounts and of the audit log.

use registry::{May, Role};
use store::Action;

use super::Language;
use crate::web::Place;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) tag: &'static str,
    pub(crate) product: &'static str,
    pub(crate) other_language: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) places: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    pub(crate) no_accounts: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) own: &'static str,
    pub(crate) provisional: &'static str,
    pub(crate) change_password: &'static str,
    pub(crate) password_now: &'static str,
    pub(crate) password_new: &'static str,
    pub(crate) password_again: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) password_wrong: &'static str,
    pub(crate) passwords_differ: &'static str,
    pub(crate) password_short: &'static str,
    pub(crate) password_long: &'static str,
    pub(crate) password_guessable: &'static str,
    pub(crate) second: &'static str,
    pub(crate) second_on: &'static str,
    pub(crate) second_end: &'static str,
    pub(crate) second_ended: &'static str,
    pub(crate) second_scan: &'static str,
    pub(crate) second_type: &'static str,
    pub(crate) second_code: &'static str,
    pub(crate) second_begin: &'static str,
    pub(crate) second_wrong: &'static str,
    pub(crate) second_locked: &'static str,
    pub(crate) second_lost: &'static str,
    pub(crate) recovery: &'static str,
    pub(crate) recovery_hint: &'static str,
    pub(crate) recovery_done: &'static str,
    pub(crate) everywhere: &'static str,
    pub(crate) accounts: &'static str,
    pub(crate) role: &'static str,
    pub(crate) compounds: &'static str,
    pub(crate) all_compounds: &'static str,
    pub(crate) state: &'static str,
    pub(crate) change: &'static str,
    pub(crate) add: &'static str,
    pub(crate) add_hint: &'static str,
    pub(crate) told: &'static str,
    pub(crate) save: &'static str,
    pub(crate) more: &'static str,
    pub(crate) new_password: &'static str,
    pub(crate) close: &'static str,
    pub(crate) reopen: &'static str,
    pub(crate) open_account: &'static str,
    pub(crate) closed_account: &'static str,
    pub(crate) awaits_password: &'static str,
    pub(crate) bad_name: &'static str,
    pub(crate) no_compound: &'static str,
    pub(crate) last_administrator: &'static str,
    pub(crate) audit: &'static str,
    pub(crate) who: &'static str,
    pub(crate) what: &'static str,
    pub(crate) anything: &'static str,
    pub(crate) day: &'static str,
    pub(crate) find: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) when: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) older: &'static str,
}

const ZH: Texts = Texts {
    tag: "zh-CN",
    product: "三色门",
    other_language: "English",
    skip: "跳到正文",
    places: "栏目",
    sign_in: "登录",
    sign_out: "退出",
    name: "账号",
    password: "密码",
    code: "动态验证码",
    code_hint: "启用了两步验证的账号才填写：手机上的六位数字，或一个恢复码。",
    no_accounts: "还没有账号。请在本机运行：issuer account add 姓名 --role administrator",
    wrong: "账号、密码或验证码不对。",
    own: "我的账号",
    provisional: "这个密码是别人给您的。请先改成只有您知道的密码，再开始工作。",
    change_password: "修改密码",
    password_now: "现在的密码",
    password_new: "新密码",
    password_again: "再输一遍新密码",
    password_hint: "至少 10 个字符，例如一句别人猜不到的话。",
    password_wrong: "现在的密码不对。",
    passwords_differ: "两次输入的新密码不一样。",
    password_short: "新密码太短，至少 10 个字符。",
    password_long: "新密码太长，最多 128 个字符。",
    password_guessable: "新密码太容易猜到，请换一个。",
    second: "两步验证",
    second_on: "已启用：登录时还要输入手机上的动态验证码。",
    second_end: "停用两步验证",
    second_ended: "两步验证已停用。",
    second_scan: "用手机上的验证器应用扫描这个二维码。",
    second_type: "不能扫描时，在应用里输入：",
    second_code: "手机上显示的六位数字",
    second_begin: "启用两步验证",
    second_wrong: "数字不对，或手机时间不准。请等下一组数字再试。",
    second_locked: "登记密钥未打开，暂时不能启用。请管理员以口令启动程序。",
    second_lost: "手机丢失：停用其两步验证",
    recovery: "恢复码",
    recovery_hint: "两步验证已启用。手机不在时，每个恢复码可代替一次验证码。请抄下或打印后锁好，这里只显示一次。",
    recovery_done: "已经抄好",
    everywhere: "在所有设备上退出",
    accounts: "账号",
    role: "角色",
    compounds: "小区",
    all_compounds: "全部小区（包括以后新增的）",
    state: "状态",
    change: "修改",
    add: "新增账号",
    add_hint: "系统会生成一个临时密码，只显示一次；本人首次登录时必须修改。",
    told: "临时密码只显示这一次，请当面告诉本人：",
    save: "保存",
    more: "其他操作",
    new_password: "重设密码",
    close: "停用账号",
    reopen: "恢复账号",
    open_account: "使用中",
    closed_account: "已停用",
    awaits_password: "等待本人修改密码",
    bad_name: "账号须为 1 至 40 个字，不含斜杠和控制字符。",
    no_compound: "请选择至少一个小区，或全部小区。",
    last_administrator: "这是最后一个管理员，不能停用，也不能改成其他角色。",
    audit: "操作记录",
    who: "谁",
    what: "做了什么",
    anything: "全部",
    day: "日期",
    find: "查找",
    nothing: "没有符合条件的记录。",
    when: "时间",
    detail: "详情",
    pages: "翻页",
    older: "更早的记录",
};

const EN: Texts = Texts {
    tag: "en",
    product: "Sanse Gate",
    other_language: "中文",
    skip: "Skip to the content",
    places: "Sections",
    sign_in: "Sign in",
    sign_out: "Sign out",
    name: "Account",
    password: "Password",
    code: "Verification code",
    code_hint: "Only where two-step verification is on: the six digits on your phone, or a recovery code.",
    no_accounts: "There are no accounts yet. On this machine, run: issuer account add NAME --role administrator",
    wrong: "Account, password or code is wrong.",
    own: "My account",
    provisional: "Somebody else gave you this password. Change it to one that only you know, then begin.",
    change_password: "Change the password",
    password_now: "Password now",
    password_new: "New password",
    password_again: "New password again",
    password_hint: "At least 10 characters, for example a sentence that nobody guesses.",
    password_wrong: "The password of now is wrong.",
    passwords_differ: "The two new passwords differ.",
    password_short: "The new password is too short: at least 10 characters.",
    password_long: "The new password is too long: at most 128 characters.",
    password_guessable: "The new password is easily guessed. Choose another.",
    second: "Two-step verification",
    second_on: "It is on: signing in takes the code on your phone as well.",
    second_end: "Turn two-step verification off",
    second_ended: "Two-step verification is off.",
    second_scan: "Scan this code with the authenticator on your phone.",
    second_type: "If it can't be scanned, type into the authenticator:",
    second_code: "The six digits on your phone",
    second_begin: "Turn two-step verification on",
    second_wrong: "These digits are wrong, or the phone's clock is. Wait for the next ones and try again.",
    second_locked: "The registry key is locked, so this can't be turned on now. An administrator starts the program with its passphrase.",
    second_lost: "Phone lost: turn their two-step verification off",
    recovery: "Recovery codes",
    recovery_hint: "Two-step verification is on. Without the phone, each of these codes works once. Write them down or print them, and lock them away: they are shown this once.",
    recovery_done: "I have them",
    everywhere: "Sign out on all devices",
    accounts: "Accounts",
    role: "Role",
    compounds: "Compounds",
    all_compounds: "All compounds, also those to come",
    state: "State",
    change: "Change",
    add: "Add an account",
    add_hint: "A password is made and shown once; its owner has to change it at the first sign-in.",
    told: "This password is shown this once. Tell it to its owner in person:",
    save: "Save",
    more: "More",
    new_password: "Give a new password",
    close: "Close the account",
    reopen: "Open the account again",
    open_account: "In use",
    closed_account: "Closed",
    awaits_password: "Password still to be changed",
    bad_name: "A name has 1 to 40 characters, no slash and no control characters.",
    no_compound: "Choose at least one compound, or all of them.",
    last_administrator: "This is the last administrator: the account can't be closed or given another role.",
    audit: "Audit log",
    who: "Who",
    what: "What",
    anything: "Anything",
    day: "Day",
    find: "Search",
    nothing: "Nothing like that is in the log.",
    when: "When",
    detail: "Details",
    pages: "Pages",
    older: "Older lines",
};

/// The texts of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// A section of the pages; none for those that no link of the navigation leads to.
pub(crate) fn place(place: Place, language: Language) -> &'static str {
    match place {
        Place::Today => language.choose("今天", "Today"),
        Place::Residents => language.choose("居民", "Residents"),
        Place::Board => super::board::texts(language).board,
        Place::Observed => language.choose("居家观察", "Observation"),
        Place::Passes => language.choose("通行证", "Passes"),
        Place::Rules => language.choose("规则", "Rules"),
        Place::Books => language.choose("名册", "Rosters"),
        Place::Passages => language.choose("通行记录", "Passages"),
        Place::Gates => language.choose("卡点", "Gates"),
        Place::Accounts => language.choose("账号", "Accounts"),
        Place::Audit => language.choose("记录", "Audit log"),
        Place::Keys => language.choose("密钥", "Keys"),
        Place::Retention => super::retention::texts(language).retention,
        Place::Own => texts(language).own,
    }
}

/// A role as staff call it.
pub(crate) fn role(role: Role, language: Language) -> &'static str {
    match role {
        Role::Administrator => language.choose("管理员", "Administrator"),
        Role::CommunityWorker => language.choose("社区工作人员", "Community worker"),
        Role::HealthWorker => language.choose("卫生人员", "Health worker"),
        Role::PropertyManager => language.choose("物业经理", "Property manager"),
    }
}

/// What a role is for.
pub(crate) fn role_does(role: Role, language: Language) -> &'static str {
    match role {
        Role::Administrator => language
            .choose("可做一切，包括账号、密钥和数据清除", "everything, accounts, keys and purging included"),
        Role::CommunityWorker => language.choose(
            "登记、定颜色、打印发证、定规则",
            "registers, decides colours, prints and hands out cards, writes rules",
        ),
        Role::HealthWorker => language.choose(
            "查看健康档案、定颜色、健康检查和销号",
            "sees files, decides colours, checks health and signs off",
        ),
        Role::PropertyManager => language.choose(
            "管理卡点和值守人员，只看到隐去部分的姓名",
            "runs gates and their staff; sees masked names only",
        ),
    }
}

/// Who may do it, for whoever may not.
pub(crate) fn not_allowed(may: May, language: Language) -> String {
    let able = Role::ALL.into_iter().filter(|role| role.may(may)).map(|able| role(able, language));
    let able = able.collect::<Vec<_>>().join(language.choose("、", ", "));
    match language {
        Language::Zh => {
            format!("您的角色不能做这件事。可以做的角色：{able}。请找他们，或请管理员修改您的角色。")
        }
        Language::En => format!(
            "Your role doesn't do this. These do: {able}. Ask one of them, or an administrator for another role."
        ),
    }
}

/// After how long the next attempt to sign in is looked at.
pub(crate) fn wait(seconds: u32, language: Language) -> String {
    match language {
        Language::Zh => format!("错误次数太多。请等 {seconds} 秒再试。"),
        Language::En => format!("Too many mistakes. Try again in {seconds} seconds."),
    }
}

/// That an account of this name is there already.
pub(crate) fn name_taken(by: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("账号“{by}”已经存在。"),
        Language::En => format!("There is an account {by} already."),
    }
}

/// That an account was changed.
pub(crate) fn account_changed(name: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("账号“{name}”已修改，立即生效。"),
        Language::En => format!("The account {name} is changed; it holds at once."),
    }
}

/// What was done, in the audit log.
pub(crate) fn action(action: Action, language: Language) -> &'static str {
    match action {
        Action::Import => language.choose("导入名册", "Roster imported"),
        Action::Colour => language.choose("定颜色", "Colour decided"),
        Action::Sign => language.choose("签发", "Passes signed"),
        Action::Status => language.choose("证件状态", "Status of a pass"),
        Action::Print => language.choose("打印", "Printed"),
        Action::HandOut => language.choose("发放", "Handed out"),
        Action::Settings => language.choose("设置", "Settings"),
        Action::Export => language.choose("导出", "Exported"),
        Action::Gate => language.choose("卡点", "Gates"),
        Action::Staff => language.choose("值守人员", "Staff at the gates"),
        Action::Exempt => language.choose("豁免", "Exemptions"),
        Action::Rules => language.choose("规则", "Rules"),
        Action::Passages => language.choose("导入通行记录", "Passages taken in"),
        Action::Purge => language.choose("清除", "Purged"),
        Action::Account => language.choose("账号", "Accounts"),
        Action::SignIn => language.choose("登录", "Signing in"),
        Action::Health => language.choose("健康检查与观察期", "Health checks and observation"),
        Action::Close => language.choose("封闭与解封", "Buildings closed and opened"),
        Action::Building => language.choose("楼栋资料", "Buildings"),
        Action::File => language.choose("居民档案", "Files of residents"),
        Action::Look => language.choose("查看个人信息", "Looked at personal data"),
        Action::Backup => language.choose("备份", "Backed up"),
        Action::Restore => language.choose("恢复", "Restored"),
    }
}
