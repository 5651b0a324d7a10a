//! Words of passages: what came of taking in what gates have logged.

use gate::EventError;

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
