//! What the commands tell whoever runs them, on standard error: what is the matter, and what to do.

use protocol::Version;

use super::Language;
use crate::frames::camera::Knob;

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tell<'a> {
    /// A root is pinned.
    Pinned {
        /// Its key id.
        id: &'a str,
        /// Its fingerprint.
        fingerprint: &'a str,
    },
    /// What was given is no root key.
    NotARoot,
    /// Another root is pinned.
    OtherRoot {
        /// Its fingerprint.
        pinned: &'a str,
    },
    /// A command needs a root.
    NeedsRoot,
    /// A command needs a bundle.
    NeedsBundle,
    /// A bundle was taken.
    Loaded {
        /// The compound.
        compound: &'a str,
        /// When it was signed.
        issued: &'a str,
    },
    /// The bundle has people for this gate.
    People {
        /// Residents and vehicles.
        residents: usize,
        /// Members of staff.
        staff: usize,
    },
    /// The bundle has no people for this gate.
    NoPeople,
    /// The gate's public key is printed.
    GateKey {
        /// Its fingerprint.
        fingerprint: &'a str,
    },
    /// A bundle was not taken.
    BundleRefused,
    /// The office has struck this gate off.
    Struck,
    /// The gate is enrolled.
    Enrolled {
        /// Its name from now on.
        gate: &'a str,
    },
    /// What office and gate had for each other went over a stick.
    StickDone {
        /// Whether the gate took something newer.
        taken: bool,
        /// How many events it left.
        left: u64,
        /// How many events of other gates came.
        others: u64,
    },
    /// No office has signed the stick.
    StickNotSigned,
    /// The stick is mounted so that what lies on it could be run.
    StickCareless,
    /// The gate has nobody to exchange anything with.
    NotEnrolled,
    /// What office and gate had for each other went over the network.
    Exchanged {
        /// Whether the gate took something newer.
        taken: bool,
        /// How many events it brought.
        brought: u64,
        /// How many events of other gates came.
        others: u64,
    },
    /// The office does not answer, or not with what was asked for.
    OfficeNotReached,
    /// A newer program has come.
    ProgramTaken {
        /// Its version.
        version: Version,
    },
    /// A file holds no program that the gate takes.
    ProgramNotTaken,
    /// A newer program is to be started.
    ProgramWaits {
        /// Its version.
        version: Version,
    },
    /// A newer program did not work.
    ProgramFailed {
        /// Its version.
        version: Version,
        /// The version that runs.
        runs: Version,
    },
    /// A text is no invitation.
    NoInvitation,
    /// A symbol of an invitation is wrong.
    Mistyped,
    /// The bundle is older than the one held.
    BundleOlder,
    /// The page is there.
    Listening {
        /// Its address.
        address: &'a str,
    },
    /// The page may listen on loopback only.
    LoopbackOnly {
        /// The address asked for.
        address: &'a str,
    },
    /// The journal is damaged.
    Damaged,
    /// The journal is in use.
    JournalInUse,
    /// The journal is sound.
    Sound {
        /// Events in it.
        events: u64,
        /// Segment files.
        segments: usize,
    },
    /// A file of rules can't be used.
    RulesRefused,
    /// What should be a time is none.
    NoTime {
        /// What was given.
        text: &'a str,
    },
    /// The journal was moved.
    SetAside {
        /// Where to.
        path: &'a str,
    },
    /// A program is missing.
    NeedsProgram {
        /// Its name.
        program: &'a str,
        /// The Debian package it comes with.
        package: &'a str,
    },
    /// A picture can't be read.
    Picture {
        /// Its path.
        path: &'a str,
    },
    /// There is no camera.
    NoCamera,
    /// A camera and the format it would be used in.
    CameraChoice {
        /// Its name.
        name: &'a str,
        /// Its device.
        device: &'a str,
        /// The format; none of them can be used.
        format: Option<&'a str>,
    },
    /// A device that types.
    Typist {
        /// Its device.
        device: &'a str,
        /// What it calls itself.
        name: &'a str,
        /// USB vendor and product.
        id: (u16, u16),
        /// Whether it looks like a scanner.
        scanner: bool,
    },
    /// Not every device that types could be asked.
    TypistsDenied {
        /// Why.
        why: &'a str,
    },
    /// A serial port.
    SerialPort {
        /// Its path.
        port: &'a str,
    },
    /// What a camera's lens can be asked for.
    CameraKnob {
        /// As `kiosk.toml` has it.
        name: &'a str,
        /// What it takes.
        knob: &'a Knob,
    },
}

/// The sentence.
#[must_use]
pub fn tell(what: &Tell<'_>, lang: Language) -> String {
    let fixed = |zh: &str, en: &str| lang.choose(zh, en).to_owned();
    match what {
        Tell::Pinned { id, fingerprint } => lang.choose(
            format!("已信任根密钥 {id}。请与恢复单核对指纹：\n{fingerprint}"),
            format!("Pinned root key {id}. Compare its fingerprint with the recovery sheet:\n{fingerprint}"),
        ),
        Tell::NotARoot => fixed(
            "这不是根密钥。请给出 issuer keys 的输出文件，或恢复单上的 base64 文本。",
            "This is no root key. Give the file that issuer keys writes, or the base64 text of the recovery sheet.",
        ),
        Tell::OtherRoot { pinned } => lang.choose(
            format!(
                "本机已信任另一个根密钥：\n{pinned}\n新的根密钥应由旧的签名。确实要换，请加 --replace：数据包会被清除，需重新载入。"
            ),
            format!(
                "Another root key is pinned here:\n{pinned}\nA new root is to be signed by the old one. To change it all the same, \
                 add --replace: the bundle is given up and must be loaded again."
            ),
        ),
        Tell::NeedsRoot => fixed(
            "本机还没有根密钥，不能判断任何证。请运行：kiosk trust 根密钥（文件或文本）",
            "No root key is pinned here, so nothing can be judged. Run: kiosk trust ROOT (a file, or the text itself)",
        ),
        Tell::NeedsBundle => fixed(
            "本机还没有数据包。请运行：kiosk load 数据包文件",
            "No bundle is loaded here. Run: kiosk load BUNDLE",
        ),
        Tell::Loaded { compound, issued } => lang.choose(
            format!("已载入数据包：{compound}，签于 {issued}"),
            format!("Loaded the bundle of {compound}, signed on {issued}"),
        ),
        Tell::People { residents, staff } => lang.choose(
            format!("其中有居民和车辆 {residents} 项、值守人员 {staff} 人，只有本卡点能解开。"),
            format!("In it: {residents} residents and vehicles, {staff} members of staff. Only this gate can read them."),
        ),
        Tell::NoPeople => fixed(
            "其中没有给本卡点的人员资料：不能按姓名查找，也没有人能登录。请把 kiosk key 的输出交给社区登记（issuer gate add）。",
            "It has no people for this gate: nobody can be searched for, nobody can sign in. Give the output of kiosk key to the \
             office (issuer gate add).",
        ),
        Tell::GateKey { fingerprint } => lang.choose(
            format!("本卡点的公钥如下，请交给社区登记（issuer gate add）。指纹：\n{fingerprint}"),
            format!("This gate's public key, for the office (issuer gate add). Its fingerprint:\n{fingerprint}"),
        ),
        Tell::BundleRefused => fixed(
            "这个数据包不可信，没有载入。请从社区重新取得。",
            "This bundle is not believed and was not loaded. Fetch it from the office again.",
        ),
        Tell::Struck => fixed(
            "社区已注销本卡点：居民信息已删除，不再判断任何证。如需重新启用，请社区重新邀请。",
            "The office has struck this gate off: what it knew of residents was deleted, and it judges nothing. To use it again, have \
             the office invite it anew.",
        ),
        Tell::Enrolled { gate } => lang.choose(
            format!("已登记为“{gate}”，可以使用了。"),
            format!("Enrolled as {gate:?}: the gate can be used."),
        ),
        Tell::StickDone { taken, left, others } => {
            let news = news(*taken, lang);
            lang.choose(
                format!("完成，可以拔出 U 盘：{news}，带走 {left} 条记录，收到别的卡点 {others} 条。"),
                format!("Done, the stick can be pulled: {news}; {left} events are left on it, {others} of other gates came."),
            )
        }
        Tell::StickNotSigned => fixed(
            "这个 U 盘没有社区的签名，没有读写任何内容。请社区先运行 issuer stick prepare。",
            "No office of this gate has signed this stick: nothing was read or written. Have the office run issuer stick prepare.",
        ),
        Tell::StickCareless => fixed(
            "这个 U 盘的挂载方式不安全，没有读写任何内容。请用 nodev,nosuid,noexec 挂载。",
            "This stick is mounted carelessly: nothing was read or written. Mount it with nodev,nosuid,noexec.",
        ),
        Tell::NotEnrolled => fixed(
            "本卡点还没有登记，或数据包里没有社区的接收密钥。请先登记（kiosk enrol）。",
            "This gate is not enrolled, or its bundle does not say whom it reports to: enrol it first (kiosk enrol).",
        ),
        Tell::Exchanged { taken, brought, others } => {
            let news = news(*taken, lang);
            lang.choose(
                format!("已与社区交换：{news}，送出 {brought} 条记录，收到别的卡点 {others} 条。"),
                format!(
                    "Exchanged with the office: {news}; {brought} events were brought, {others} of other gates came."
                ),
            )
        }
        Tell::OfficeNotReached => fixed(
            "联系不上社区。卡点照常工作，记录都在；请检查网络，或用 U 盘。",
            "The office is not reached. The gate goes on, and nothing it logged is lost: check the network, or use a stick.",
        ),
        Tell::ProgramTaken { version } => lang.choose(
            format!("新程序 {version} 已收下：卡点空闲几分钟后，或下次启动时启用。"),
            format!("Version {version} was taken. It starts when the gate was quiet for some minutes, or with its next start."),
        ),
        Tell::ProgramNotTaken => fixed(
            "这个文件里的程序没有收下，照旧运行。",
            "The program in this file was not taken; the gate goes on as it was.",
        ),
        Tell::ProgramWaits { version } => lang.choose(
            format!("新程序 {version} 等待启用。"),
            format!("Version {version} waits to be started."),
        ),
        Tell::ProgramFailed { version, runs } => lang.choose(
            format!("新程序 {version} 启动后不能正常工作，已弃用；现在运行 {runs}。请报告社区。"),
            format!("Version {version} did not work here and was put aside; {runs} runs. Tell the office."),
        ),
        Tell::NoInvitation => fixed(
            "这不是邀请：请给出邀请二维码里的文字（SGE1:…）、存有它的文件，或用 --office 地址 --code 邀请码。",
            "That is no invitation: give the text of its code (SGE1:…), a file that holds it, or --office ADDRESS --code CODE.",
        ),
        Tell::Mistyped => {
            fixed("邀请码有一位输错了，请核对。", "One symbol of the code is wrong: please check.")
        }
        Tell::BundleOlder => fixed(
            "这个数据包比现有的旧，没有载入。请取得最新的。",
            "This bundle is older than the one held and was not loaded. Fetch the newest.",
        ),
        Tell::Listening { address } => {
            lang.choose(format!("门口屏幕：{address}"), format!("The gate's screen: {address}"))
        }
        Tell::LoopbackOnly { address } => lang.choose(
            format!("{address} 不是本机回环地址。门口屏幕只对本机开放，请用 127.0.0.1:端口。"),
            format!("{address} is no loopback address. The gate's screen is for this machine only: use 127.0.0.1:PORT."),
        ),
        Tell::Damaged => fixed(
            "日志有损坏，原样未动。请先备份数据目录，再运行 kiosk log verify 查看；确认后运行 kiosk log set-aside 移开并重新开始。",
            "The journal is damaged, and was left as it is. Copy the data folder first, look with kiosk log verify, then move it \
             aside and begin a new one with kiosk log set-aside.",
        ),
        Tell::JournalInUse => fixed(
            "另一个 kiosk 正在使用这个日志。请先停掉它，或用 --data 指定另一个目录。",
            "Another kiosk uses this journal. Stop it first, or name another folder with --data.",
        ),
        Tell::Sound { events, segments } => lang.choose(
            format!("日志完好：{segments} 个分段，{events} 条记录，链条完整。"),
            format!("The journal is sound: {segments} segments, {events} events, the chain is whole."),
        ),
        Tell::RulesRefused => fixed(
            "这个规则文件不能用：要么写错了，要么缺了一项。请照 issuer rules show 的样子写。",
            "This file of rules can't be used: something in it is wrong or missing. Write it as issuer rules show does.",
        ),
        Tell::NoTime { text } => lang.choose(
            format!("“{text}”不是时间。请写成 2020-02-18 或 2020-02-18T10:00。"),
            format!("“{text}” is no time. Write 2020-02-18 or 2020-02-18T10:00."),
        ),
        Tell::SetAside { path } => {
            lang.choose(format!("旧日志已移到 {path}"), format!("The old journal was moved to {path}"))
        }
        Tell::NeedsProgram { program, package } => lang.choose(
            format!("缺少 {program}。请安装：apt-get install {package}"),
            format!("{program} is missing. Install it: apt-get install {package}"),
        ),
        Tell::Picture { path } => {
            lang.choose(format!("读不了这张图：{path}"), format!("This picture can't be read: {path}"))
        }
        Tell::NoCamera => fixed(
            "没有找到摄像头。请接上 USB 摄像头，再运行 kiosk cameras。",
            "No camera was found. Plug one in, then run kiosk cameras.",
        ),
        Tell::CameraChoice { name, device, format } => match format {
            Some(format) => {
                lang.choose(format!("{device}  {name}：采用 {format}"), format!("{device}  {name}: would use {format}"))
            }
            None => lang.choose(
                format!("{device}  {name}：没有可用的格式"),
                format!("{device}  {name}: none of its formats can be used"),
            ),
        },
        Tell::Typist { device, name, id: (vendor, product), scanner } => {
            let numbers = format!("{vendor:04x}:{product:04x}");
            if *scanner {
                lang.choose(
                    format!("{device}  {name} ({numbers})：扫码枪，--scanner auto 会采用"),
                    format!("{device}  {name} ({numbers}): a scanner, --scanner auto takes it"),
                )
            } else {
                lang.choose(
                    format!("{device}  {name} ({numbers})：像普通键盘；若是扫码枪，请用 --scanner {numbers}"),
                    format!("{device}  {name} ({numbers}): looks like a keyboard; if it is a scanner: --scanner {numbers}"),
                )
            }
        }
        Tell::TypistsDenied { why } => lang.choose(
            format!("有输入设备打不开：{why}。请把运行 kiosk 的用户加入 input 组。"),
            format!("An input device can't be opened: {why}. Add the user that runs kiosk to the group input."),
        ),
        Tell::SerialPort { port } => {
            lang.choose(format!("{port}  串口：--serial {port}"), format!("{port}  serial port: --serial {port}"))
        }
        Tell::CameraKnob { name, knob } => {
            let auto = knob.has_auto.then(|| "\"auto\"".to_owned());
            let takes: Vec<String> = auto.into_iter().chain(knob.range.map(|range| range.to_string())).collect();
            let now = knob.now.map_or_else(String::new, |now| {
                lang.choose(format!("（现在 {now}）"), format!(" (now {now})"))
            });
            let takes = takes.join(lang.choose(" 或 ", " or "));
            lang.choose(format!("    {name} = {takes}{now}"), format!("    {name} = {takes}{now}"))
        }
    }
}

/// Whether a gate took something newer.
fn news(taken: bool, lang: Language) -> &'static str {
    match (taken, lang) {
        (true, Language::Zh) => "已换上新数据",
        (false, Language::Zh) => "没有更新的数据",
        (true, Language::En) => "newer data were taken",
        (false, Language::En) => "there was nothing newer",
    }
}
