//! Words of passages: what came of taking in what gates have logged.

use gate::{Came, Device, Event, EventError, What};
use store::Sought;

use super::Language;
use crate::passages::{Journal, Refused, Taken, Why};

/// What came of a file, a line for each journal in it.
pub(crate) fn taken(taken: &Taken, language: Language) -> Vec<String> {
    taken.journals.iter().map(|((gate, _), of)| journal(gate, of, language)).collect()
}

fn journal(gate: &str, of: &Journal, language: Language) -> String {
    let Journal { added, known, missing, forks, detached, .. } = of;
    let mut line = language.choose(
        format!("{gate}：新增 {added} 条，已有 {known} 条。"),
        format!("{gate}: {added} new, {known} here already."),
    );
    if *missing > 0 {
        line += &language.choose(
            format!("文件中间缺 {missing} 条：请从卡点导出完整的日志。"),
            format!(" {missing} are missing in between: export the whole journal at the gate."),
        );
    }
    if let Some(first) = forks.first() {
        line += &language.choose(
            format!("有 {} 条与已有的不同（从第 {first} 条起），两种都保留了：卡点可能被复制过，或磁盘恢复到了以前。", forks.len()),
            format!(
                " {} differ from those that were here (from no. {first} on); both are kept: the gate was copied, or its disk was put \
                 back to an earlier day.",
                forks.len()
            ),
        );
    } else if let Some(sequence) = detached {
        line += &language.choose(
            format!("第 {sequence} 条接不上已有的前一条：请从卡点导出完整的日志，看看从哪里开始不同。"),
            format!(
                " No. {sequence} does not go on from the one before it here: export the whole journal at the gate to see where they part."
            ),
        );
    }
    line
}

/// Why reading a file ended early, and what to do.
pub(crate) fn refused(refused: &Refused, language: Language) -> String {
    let Refused { after, why } = refused;
    let kept = match after {
        0 => String::new(),
        after => language.choose(
            format!("文件前面的 {after} 条是好的，已经保存。"),
            format!("The {after} before it in the file are good, and are kept. "),
        ),
    };
    let again = language.choose(
        "请在卡点上运行 kiosk log verify，再用 kiosk log export --format cbor 重新导出。",
        "Run kiosk log verify at the gate, then export again with kiosk log export --format cbor.",
    );
    let why = match why {
        Why::Empty => language.choose(
            "文件是空的。请用 kiosk log export --format cbor --out 文件 重新导出。".to_owned(),
            "The file is empty. Export again with kiosk log export --format cbor --out FILE.".to_owned(),
        ),
        Why::Unreadable(_) if *after == 0 => language.choose(
            "这不是卡点日志的导出文件。请在卡点上用 kiosk log export --format cbor --out 文件 导出；如果卡点的程序比这里新，请先更新这里。".to_owned(),
            "This is no export of a gate's journal. Make one at the gate with kiosk log export --format cbor --out FILE; where the gate's \
             program is newer than this one, update this one first."
                .to_owned(),
        ),
        Why::Unreadable(why) => {
            let what = match why {
                EventError::NotCanonical => language.choose("不是原来的样子", "is not as it was written"),
                EventError::TooLong { .. } => language.choose("太长", "is too long"),
                _ => language.choose("读不懂", "can't be read"),
            };
            language.choose(
                format!("第 {} 条{what}：文件在传送时损坏，或被改动。{kept}{again}", after + 1),
                format!("No. {} in the file {what}: it was damaged on its way, or altered. {kept}{again}", after + 1),
            )
        }
        Why::Altered { gate, sequence } => language.choose(
            format!("{gate} 的第 {sequence} 条与前一条接不上：其中一条被改动过，后面的都不采信。{kept}{again}"),
            format!(
                "No. {sequence} of {gate} does not go on from the one before it: one of both was altered, and nothing after it is \
                 believed. {kept}{again}"
            ),
        ),
        Why::Unusable { sequence } => language.choose(
            format!("编号 {sequence} 或卡点名称不可能是卡点写的。{kept}{again}"),
            format!("No gate writes the number {sequence}, or this name of a gate. {kept}{again}"),
        ),
        Why::UnknownGate { gate } => language.choose(
            format!("卡点“{gate}”没有登记，不知道属于哪个小区。请指定小区（--compound），或先用 issuer gate add 登记。{kept}"),
            format!(
                "The gate {gate} is not registered, so nobody knows its compound. Name the compound (--compound), or register the gate \
                 with issuer gate add. {kept}"
            ),
        ),
        Why::ElsewhereGate { gate } => language.choose(
            format!("卡点“{gate}”不属于您负责的小区。请交给负责它的同事。{kept}"),
            format!("The gate {gate} is in none of your compounds. Hand the file to whoever answers for it. {kept}"),
        ),
    };
    why.trim_end().to_owned()
}

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) passages: &'static str,
    pub(crate) person: &'static str,
    pub(crate) person_hint: &'static str,
    pub(crate) compound: &'static str,
    pub(crate) gate: &'static str,
    pub(crate) any: &'static str,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) what: &'static str,
    pub(crate) find: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) to_excel: &'static str,
    pub(crate) when: &'static str,
    pub(crate) who: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) why: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) nothing_remedy: &'static str,
    pub(crate) none_yet: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) journals: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) newest_event: &'static str,
    pub(crate) taken_in: &'static str,
    pub(crate) wholeness: &'static str,
    pub(crate) upload: &'static str,
    pub(crate) upload_hint: &'static str,
    pub(crate) file: &'static str,
    pub(crate) compound_of_unknown: &'static str,
    pub(crate) compound_by_gate: &'static str,
    pub(crate) upload_button: &'static str,
    pub(crate) no_file: &'static str,
    pub(crate) visitor: &'static str,
    pub(crate) unknown_person: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) in_doubt: &'static str,
    pub(crate) forked: &'static str,
    pub(crate) undone: &'static str,
    pub(crate) superseded: &'static str,
    pub(crate) one: &'static str,
    pub(crate) one_hint: &'static str,
    pub(crate) fork_hint: &'static str,
    pub(crate) back: &'static str,
    pub(crate) sequence: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) card: &'static str,
    pub(crate) colour: &'static str,
    pub(crate) home: &'static str,
}

const ZH: Texts = Texts {
    passages: "通行记录",
    person: "人、车",
    person_hint: "姓名的一个字、车牌、房号（3-2-501）或短码",
    compound: "小区",
    gate: "卡点",
    any: "全部",
    from: "从",
    until: "到",
    direction: "方向",
    what: "结果",
    find: "查找",
    clear: "清空条件",
    to_excel: "导出 Excel",
    when: "时间",
    who: "谁",
    verdict: "判断",
    why: "理由",
    nothing: "没有符合条件的记录。",
    nothing_remedy: "请放宽条件，或看看下面的日志是否已经导入。",
    none_yet: "还没有导入过卡点的日志。请在下面上传。",
    pages: "翻页",
    older: "更早的记录",
    newest: "回到最新",
    journals: "已导入的卡点日志",
    kept: "保存的记录",
    newest_event: "最新一条",
    taken_in: "最近导入",
    wholeness: "是否完整",
    upload: "导入卡点日志",
    upload_hint: "在卡点上运行 kiosk log export --format cbor --out 文件，用 U 盘带来。同一个文件导入两次不会重复。",
    file: "日志文件",
    compound_of_unknown: "没有登记的卡点属于",
    compound_by_gate: "按卡点的登记",
    upload_button: "导入",
    no_file: "没有选择文件。请选择卡点导出的日志文件。",
    visitor: "访客",
    unknown_person: "登记册里没有",
    nobody: "没有可信的证",
    in_doubt: "卡点时钟可能不准",
    forked: "同一编号有两条不同的记录",
    undone: "已撤销",
    superseded: "后来重新判断过",
    one: "一次通行",
    one_hint: "同一次通行的全部记录，按卡点日志的顺序。",
    fork_hint: "同一编号下有不同的记录：这个卡点被复制过，或磁盘恢复到了以前。两边都保留，请查明哪一边是真的。",
    back: "通行记录",
    sequence: "编号",
    hash: "指纹",
    cut: "只列出最新的部分，更早的请按时间分开导出。",
    outcome: "最终",
    card: "短码",
    colour: "颜色",
    home: "住址",
};

const EN: Texts = Texts {
    passages: "Passages",
    person: "Person or vehicle",
    person_hint: "A part of a name, a plate, a room (3-2-501) or a short code",
    compound: "Compound",
    gate: "Gate",
    any: "Any",
    from: "From",
    until: "Until",
    direction: "Direction",
    what: "Outcome",
    find: "Find",
    clear: "Clear",
    to_excel: "To Excel",
    when: "When",
    who: "Who",
    verdict: "Verdict",
    why: "Why",
    nothing: "Nothing was found.",
    nothing_remedy: "Ask for less, or see below whether the journal was taken in.",
    none_yet: "No gate's journal was taken in yet. Upload one below.",
    pages: "Pages",
    older: "Earlier",
    newest: "Back to the newest",
    journals: "Gates' journals taken in",
    kept: "Events kept",
    newest_event: "Newest event",
    taken_in: "Last taken in",
    wholeness: "Whole?",
    upload: "Take a gate's journal in",
    upload_hint: "At the gate, run kiosk log export --format cbor --out FILE and carry the file here. The same file twice changes nothing.",
    file: "Journal file",
    compound_of_unknown: "Gates that are not registered belong to",
    compound_by_gate: "As gates are registered",
    upload_button: "Take in",
    no_file: "No file was chosen. Choose the file that the gate has exported.",
    visitor: "Visitor",
    unknown_person: "Not in the registry",
    nobody: "No pass that is believed",
    in_doubt: "The gate's clock was in doubt",
    forked: "Two different events under one number",
    undone: "Taken back",
    superseded: "Judged again later",
    one: "One passage",
    one_hint: "All that belongs to one passage, in the order of the gate's journal.",
    fork_hint: "There are different events under one number: the gate was copied, or its disk was put back to an earlier day. Both are kept; \
                find out which side is true.",
    back: "Passages",
    sequence: "Number",
    hash: "Fingerprint",
    cut: "The newest only: ask for earlier ones by time.",
    outcome: "In the end",
    card: "Short code",
    colour: "Colour",
    home: "Home",
};

/// The words of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// What may be looked for.
pub(crate) fn sought(sought: Sought, language: Language) -> &'static str {
    match sought {
        Sought::Went => language.choose("通过", "Went through"),
        Sought::Admitted => language.choose("放行", "Go"),
        Sought::Checked => language.choose("核对", "Check"),
        Sought::Refused => language.choose("不放行", "Stop"),
        Sought::Overridden => language.choose("人工改判", "Turned by staff"),
        Sought::Manual => language.choose("无证登记", "Entered by hand"),
        Sought::Undone => language.choose("已撤销", "Taken back"),
        Sought::Unjudged => language.choose("未经判断就通过", "Went through unjudged"),
        Sought::Emergency => language.choose("紧急开门", "Emergency opening"),
        Sought::Forked => language.choose("编号相同的不同记录", "Different events under one number"),
    }
}

/// What a kind of event is called.
pub(crate) fn kind(what: &What, language: Language) -> &'static str {
    match what {
        What::Judged(_) => language.choose("判断", "Verdict"),
        What::Passed(_) => language.choose("通过", "Went through"),
        What::Overridden(_) => language.choose("人工改判", "Turned by staff"),
        What::Undone(_) => language.choose("撤销", "Taken back"),
        What::EmergencyOpened(_) => language.choose("紧急开门", "Emergency opening"),
        What::EmergencyClosed(_) => language.choose("紧急开门结束", "Emergency opening ended"),
        What::EmergencyExplained(_) => language.choose("说明紧急开门的原因", "Emergency explained"),
        What::SignedIn(_) => language.choose("登录", "Signed in"),
        What::SignedOut(_) => language.choose("退出", "Signed out"),
        What::SignInFailed(_) => language.choose("密码错误", "Wrong PIN"),
        What::ShiftChanged(_) => language.choose("交班", "Shift handed over"),
        What::Measured(_) => language.choose("测体温", "Temperature"),
        What::DeviceTrouble(_) => language.choose("设备", "Device"),
        What::ClockSet(_) => language.choose("校准时钟", "Clock set"),
        What::Manual(_) => language.choose("无证登记", "Entered by hand"),
    }
}

/// What an event says, as pairs of a label and a value.
pub(crate) fn facts(event: &Event, language: Language) -> Vec<(&'static str, String)> {
    let by = language.choose("谁", "By");
    let why = language.choose("原因", "Why");
    let way = |direction| {
        (language.choose("方向", "Direction"), wording::direction(direction, language).to_owned())
    };
    let says = |verdict| (language.choose("判断", "Verdict"), wording::verdict(verdict, language).to_owned());
    let persons = |count: u16| (language.choose("人数", "Persons"), count.to_string());
    let degrees =
        |tenths: u16| (language.choose("体温", "Temperature"), format!("{} °C", gate::Tenths(tenths)));
    let plate = |plate: &str| (language.choose("车牌", "Plate"), plate.to_owned());
    match &event.what {
        What::Judged(it) => {
            let mut all = vec![way(it.direction), says(it.verdict)];
            all.extend(
                (!it.reasons.is_empty())
                    .then(|| (language.choose("理由", "Why"), reasons(&it.reasons, language))),
            );
            all.extend((it.party > 1).then(|| persons(it.party)));
            all.extend(it.temperature.map(degrees));
            all.extend(it.plate.as_deref().map(plate));
            all.push((language.choose("方式", "How"), came(&it.came, language)));
            all.extend(it.keyed_by.clone().map(|who| (language.choose("补充输入", "Keyed in by"), who)));
            all
        }
        What::Passed(it) => vec![way(it.direction), persons(it.persons)],
        What::Overridden(it) => vec![says(it.verdict), (by, it.who.clone()), (why, it.why.to_string())],
        What::Undone(it) => vec![(by, it.who.clone()), (why, it.why.to_string())],
        What::EmergencyOpened(it) => vec![(by, it.who.clone().unwrap_or_else(|| "—".to_owned()))],
        What::EmergencyClosed(it) => {
            let itself = || language.choose("自动", "By itself").to_owned();
            vec![(by, it.who.clone().unwrap_or_else(itself))]
        }
        What::EmergencyExplained(it) => vec![(by, it.who.clone()), (why, it.why.to_string())],
        What::Measured(it) => vec![degrees(it.tenths)],
        What::DeviceTrouble(it) => {
            let works = || language.choose("恢复正常", "Works again").to_owned();
            vec![(device(it.device, language), it.fault.as_ref().map_or_else(works, ToString::to_string))]
        }
        What::Manual(it) => {
            let mut all =
                vec![way(it.direction), says(it.verdict), (by, it.who.clone()), (why, it.why.to_string())];
            all.extend((it.party > 1).then(|| persons(it.party)));
            all.extend(it.plate.as_ref().map(|it| plate(it.as_str())));
            all
        }
        What::SignedIn(it) => vec![(by, it.who.clone())],
        What::SignedOut(it) => vec![(by, it.who.clone())],
        What::SignInFailed(it) => vec![(by, it.who.clone())],
        What::ShiftChanged(_) => Vec::new(),
        What::ClockSet(it) => vec![(by, it.who.clone())],
    }
}

/// Codes of reasons in words.
pub(crate) fn reasons(codes: &[String], language: Language) -> String {
    let word = |code: &String| wording::brief(code, language).map_or_else(|| code.clone(), str::to_owned);
    codes.iter().map(word).collect::<Vec<_>>().join(language.choose("；", "; "))
}

fn device(device: Device, language: Language) -> &'static str {
    match device {
        Device::Barrier => language.choose("道闸", "Barrier"),
        Device::TurnSensor => language.choose("通过传感器", "Turned-signal"),
        Device::Camera => language.choose("摄像头", "Camera"),
        Device::HandScanner => language.choose("扫码枪", "Hand scanner"),
        Device::Thermometer => language.choose("测温仪", "Thermometer"),
        Device::Sound => language.choose("声音", "Sound"),
        Device::Switch => language.choose("方向开关", "Direction switch"),
    }
}

fn came(came: &Came, language: Language) -> String {
    match came {
        Came::Scanned => language.choose("摄像头", "Camera").to_owned(),
        Came::HandScanner => language.choose("扫码枪", "Hand scanner").to_owned(),
        Came::Searched { who } => {
            language.choose(format!("{who} 查找，没有扫到证"), format!("found by {who}, no code was seen"))
        }
    }
}

/// Whether a journal is whole.
pub(crate) fn wholeness(missing: u64, forked: u64, language: Language) -> String {
    let mut said = Vec::new();
    if missing > 0 {
        said.push(language.choose(format!("缺 {missing} 条"), format!("{missing} missing")));
    }
    if forked > 0 {
        said.push(language.choose(format!("{forked} 条有两种"), format!("{forked} in two versions")));
    }
    if said.is_empty() {
        return language.choose("完整", "Whole").to_owned();
    }
    said.join(language.choose("，", ", "))
}

/// From which to which event a journal is kept, and how many.
pub(crate) fn span(first: u64, last: u64, kept: u64, language: Language) -> String {
    match kept {
        0 => language.choose("0 条（已到期清除）", "0 (their time is over)").to_owned(),
        _ => {
            language.choose(format!("{kept} 条（{first} 至 {last}）"), format!("{kept} ({first} to {last})"))
        }
    }
}

/// How many are on the page.
pub(crate) fn listed(count: usize, more: bool, language: Language) -> String {
    match more {
        true => language.choose(format!("最新的 {count} 条"), format!("The newest {count}")),
        false => language.choose(format!("共 {count} 条"), format!("{count} in all")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_file() {
        let mut came = Taken::default();
        let mut journal = Journal::default();
        (journal.added, journal.known, journal.missing, journal.forks) = (7, 2, 3, vec![5, 6]);
        came.journals.insert(("东门".to_owned(), [1; 16]), journal);
        assert_eq!(
            taken(&came, Language::Zh),
            [
                "东门：新增 7 条，已有 2 条。文件中间缺 3 条：请从卡点导出完整的日志。有 2 条与已有的不同（从第 5 条起），两种都保留了：\
              卡点可能被复制过，或磁盘恢复到了以前。"
            ]
        );
        let why = Why::Altered { gate: "East".to_owned(), sequence: 8 };
        let said = refused(&Refused { after: 7, why }, Language::En);
        assert!(
            said.starts_with("No. 8 of East does not go on") && said.contains("The 7 before it"),
            "{said}"
        );
        assert!(said.ends_with("kiosk log export --format cbor."), "{said}");
    }
}
