//! What the screen says besides verdicts: what to do when the gate can't judge, labels, and the state of its parts.

use gate::Device;

use super::Language;
use crate::carried::Visit;
use crate::devices;
use crate::eyes::EyeKind;
use crate::frames::Health;
use crate::program::Standing;
use crate::sync::{EnrolProblem, Reached};

/// A fixed text of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// Title of the page.
    Title,
    /// The ready screen.
    Ready,
    /// What to do before it.
    HoldUp,
    /// No root is pinned.
    Untrusted,
    /// What to do about it.
    UntrustedDo,
    /// The way to the page on which an invitation is typed.
    TypeInvitation,
    /// The office has struck the gate off.
    Struck,
    /// What to do about it.
    StruckDo,
    /// No bundle is loaded.
    NoBundle,
    /// What to do about it.
    NoBundleDo,
    /// The bundle can't be used.
    BundleUnusable,
    /// What to do about it.
    BundleUnusableDo,
    /// The journal can't be written.
    JournalDown,
    /// What to do about it.
    JournalDownDo,
    /// The disk is full.
    DiskFull,
    /// What to do about it.
    DiskFullDo,
    /// The disk is read-only.
    DiskReadOnly,
    /// What to do about it.
    DiskReadOnlyDo,
    /// The journal is damaged.
    JournalDamaged,
    /// What to do about it.
    JournalDamagedDo,
    /// The camera gives no picture.
    CameraLost,
    /// What to do about it.
    CameraLostDo,
    /// There is no camera, and the scanner is gone.
    ScannerLost,
    /// What to do about it.
    ScannerLostDo,
    /// What to do before a gate that has no camera.
    HoldUnder,
    /// Another kind of code was seen.
    Foreign,
    /// An invitation was seen by a gate that is enrolled.
    EnrolledAlready,
    /// The page has lost the program behind it.
    Disconnected,
    /// What to do about it.
    DisconnectedDo,
    /// Label: events in the journal.
    Logged,
    /// Label: bundle.
    Bundle,
    /// Label: camera.
    Camera,
    /// Label: camera on the network.
    IpCamera,
    /// Label: hand scanner.
    Scanner,
    /// Label: clock.
    Clock,
    /// The camera gives pictures.
    CameraSeeing,
    /// The camera is being opened.
    CameraStarting,
    /// The camera is lost, in one word.
    CameraLostShort,
    /// Label: what stops people or cars.
    Barrier,
    /// It is open.
    BarrierOpen,
    /// It is closed.
    BarrierClosed,
    /// Label: what reports that the bar turned.
    Sensor,
    /// Label: thermometer.
    Thermometer,
    /// The switch of a lane.
    Switch,
    /// Label: what is heard.
    Sound,
    /// A device does not work.
    DeviceLost,
    /// The scanner is lost, in a few words.
    ScannerLostShort,
    /// A folder of images or a video is played.
    Recording,
    /// A walk-through made from printed sheets is played.
    Walk,
    /// The recording is over.
    Finished,
    /// The clock is believed.
    ClockGood,
    /// The clock is in doubt.
    ClockDoubt,
    /// The clock is behind: what to do.
    ClockBehind,
    /// The clock is ahead: what to do.
    ClockAhead,
    /// The clock was moved: what to do.
    ClockStepped,
    /// The bundle is the one before, as the newer one can't be read.
    BundleFallback,
    /// Nothing is held.
    NoneHeld,
    /// The office is to be told at once.
    Alert,
    /// Label: direction.
    Direction,
    /// Link to the page for aiming the camera.
    Aim,
    /// What to do there.
    AimDo,
    /// Link back from it.
    AimDone,
    /// What the camera sees, for those who don't see it.
    Picture,
    /// The other language's name.
    OtherLanguage,
    /// The browser holds the page's sound back until somebody touches it.
    SoundBlocked,
    /// The page is to say verdicts, and the browser has no voice for its language.
    NoVoice,
    /// On the button that opens the gate in an emergency.
    Emergency,
    /// Turns the lane's switch so that it leads in.
    TurnIn,
    /// Turns it so that it leads out.
    TurnOut,
    /// Label: events that the office does not have yet.
    Undelivered,
    /// Label: whether the office is reached.
    Office,
    /// Label: a stick.
    Stick,
    /// A newer program.
    Program,
    /// Label: alerts among them.
    AlertsWaiting,
    /// While the gate stands open for one, in place of any verdict.
    Everybody,
    /// What to do meanwhile.
    EverybodyDo,
    /// Beside the button that ends it; how long still follows.
    EmergencyOpen,
    /// On the button that ends it.
    EmergencyClose,
}

/// The text.
#[must_use]
pub fn say(say: Say, lang: Language) -> &'static str {
    match say {
        Say::Title => lang.choose("三色门", "Sanse Gate"),
        Say::Ready => lang.choose("请出示通行证", "Show your pass"),
        Say::HoldUp => lang.choose("把二维码举到镜头前，停一下", "Hold the code up to the camera for a moment"),
        Say::Untrusted => lang.choose("尚未设置信任", "Not set up yet"),
        Say::UntrustedDo => lang.choose(
            "本机还没有登记，不能判断任何证。请社区在“卡点”页面邀请本卡点，把邀请二维码举到镜头前；或在本页输入邀请码。没有网络时，请管理员运行 kiosk trust。",
            "This gate belongs to no office yet and judges nothing. Have the office invite it on its page of gates, and hold the invitation's \
             code up to the camera, or type it here. Without a network, whoever maintains this machine runs kiosk trust.",
        ),
        Say::TypeInvitation => lang.choose("输入邀请码", "Type an invitation"),
        Say::Struck => lang.choose("本卡点已被社区注销", "Struck off by the office"),
        Say::StruckDo => lang.choose(
            "本机不再判断任何证，居民信息已删除。如需重新启用，请社区重新邀请，把邀请二维码举到镜头前。",
            "This machine judges nothing any more, and what it knew of residents was deleted. To use it again, have the office invite it \
             anew, and hold the invitation's code up to the camera.",
        ),
        Say::NoBundle => lang.choose("还没有数据包", "No bundle yet"),
        Say::NoBundleDo => lang.choose(
            "请从社区取得数据包，运行 kiosk load 载入。载入前不能判断任何证。",
            "Fetch the bundle from the office and run kiosk load. Nothing is judged before that.",
        ),
        Say::BundleUnusable => lang.choose("数据包不能用", "The bundle cannot be used"),
        Say::BundleUnusableDo => lang.choose(
            "请从社区重新取得数据包，运行 kiosk load 载入。",
            "Fetch the bundle from the office again and run kiosk load.",
        ),
        Say::JournalDown => lang.choose("日志写不进去", "Log not writable"),
        Say::JournalDownDo => lang.choose(
            "不能放行：请改用人工登记。检查磁盘是否已满或拔出，再运行 kiosk log verify。",
            "Nobody is admitted: write passages down by hand. Check whether the disk is full or unplugged, then run kiosk log verify.",
        ),
        Say::DiskFull => lang.choose("磁盘已满", "Disk full"),
        Say::DiskFullDo => lang.choose(
            "记不了日志，不能放行：请改用人工登记。请清理磁盘，至少腾出 8 MB；有空间后自动恢复，不必重启。",
            "Nothing can be logged, so nobody is admitted: write passages down by hand. Free 8 MB of disk space at least; the gate \
             goes on by itself then, without a restart.",
        ),
        Say::DiskReadOnly => lang.choose("磁盘只读", "Disk is read-only"),
        Say::DiskReadOnlyDo => lang.choose(
            "记不了日志，不能放行：请改用人工登记。检查存储卡的写保护开关；若没有开关，卡可能坏了，请通知管理员更换。恢复可写后自动继续。",
            "Nothing can be logged, so nobody is admitted: write passages down by hand. Check the card's lock switch; without one, the \
             card may be failing: call whoever maintains this machine. The gate goes on by itself once it can write.",
        ),
        Say::JournalDamaged => lang.choose("日志有损坏", "Log damaged"),
        Say::JournalDamagedDo => lang.choose(
            "已有的记录被改动或丢失，原样未动。不能放行：请改用人工登记。请管理员先备份数据目录，运行 kiosk log verify 查看，再用 kiosk log set-aside 移开；门口程序随后自动重新开始。",
            "Events that had been logged were changed or lost; everything was left as it is. Nobody is admitted: write passages down \
             by hand. Whoever maintains this machine copies the data folder, looks with kiosk log verify, and moves the log aside \
             with kiosk log set-aside; the gate then begins a new one by itself.",
        ),
        Say::CameraLost => lang.choose("摄像头无画面", "No picture"),
        Say::CameraLostDo => lang.choose(
            "正在自动重连。请检查插头和镜头；期间请人工查验。",
            "Trying the camera again by itself. Check its plug and its lens; check passes by eye meanwhile.",
        ),
        Say::ScannerLost => lang.choose("扫码枪未连接", "No scanner"),
        Say::ScannerLostDo => lang.choose(
            "正在自动重连。请插好扫码枪；期间请人工查验。",
            "Trying the scanner again by itself. Plug it in; check passes by eye meanwhile.",
        ),
        Say::HoldUnder => lang.choose("请用扫码枪扫描证上的二维码", "Scan the code on the pass with the scanner"),
        Say::Foreign => lang.choose(
            "看到一个码，但不是通行证。请出示通行证上的码。",
            "That code is no pass. Show the code on the pass.",
        ),
        Say::EnrolledAlready => {
            lang.choose("本卡点已登记，不用再出示邀请码。", "This gate is enrolled. The invitation can be put away.")
        }
        Say::Disconnected => lang.choose("与门口程序断开", "Not connected"),
        Say::DisconnectedDo => lang.choose(
            "请勿据此放行。正在自动重连；若不恢复，请重启本机。",
            "This page has lost the gate's program: do not go by it. Trying again by itself; if it stays like this, restart the machine.",
        ),
        Say::Logged => lang.choose("已记录", "Logged"),
        Say::Bundle => lang.choose("数据包", "Bundle"),
        Say::Camera => lang.choose("镜头", "Camera"),
        Say::IpCamera => lang.choose("网络摄像头", "IP camera"),
        Say::Scanner => lang.choose("扫码枪", "Scanner"),
        Say::Clock => lang.choose("时钟", "Clock"),
        Say::CameraSeeing => lang.choose("正常", "working"),
        Say::CameraStarting => lang.choose("正在打开", "opening"),
        Say::CameraLostShort => lang.choose("没有画面", "no picture"),
        Say::Barrier => lang.choose("道闸", "Barrier"),
        Say::BarrierOpen => lang.choose("开启", "open"),
        Say::BarrierClosed => lang.choose("关闭", "closed"),
        Say::Sensor => lang.choose("通行传感器", "Bar sensor"),
        Say::Switch => lang.choose("方向开关", "Direction switch"),
        Say::Thermometer => lang.choose("测温", "Thermometer"),
        Say::Sound => lang.choose("声音", "Sound"),
        Say::DeviceLost => lang.choose("故障，正在重试", "not working, trying again"),
        Say::ScannerLostShort => lang.choose("未连接", "not connected"),
        Say::Recording => lang.choose("播放录像", "playing a recording"),
        Say::Walk => lang.choose("演示：打印卡", "demonstration with printed cards"),
        Say::Finished => lang.choose("播放完毕", "recording is over"),
        Say::ClockGood => lang.choose("正常", "good"),
        Say::ClockDoubt => lang.choose("可能不准，请校准", "in doubt, set it"),
        Say::ClockBehind => lang.choose(
            "时钟慢了：比社区签发数据的时间还早。请接通网络自动校时，或请负责人设置时间。此前按规则从严处理。",
            "The clock is slow: it shows a time before the office signed its data. Connect the network so that it is set, or have a \
             supervisor set the time. Until then the rules for a doubtful clock hold.",
        ),
        Say::ClockAhead => lang.choose(
            "时钟可能快了：比上次可信的时间晚了好几天。时间若对，请负责人确认，或载入新的数据包；若不对，请负责人设置时间。",
            "The clock may be fast: it is days later than when the time was last certain. If it is right, have a supervisor confirm \
             it, or load a newer bundle. If it is wrong, have a supervisor set the time.",
        ),
        Say::ClockStepped => lang.choose(
            "时钟被改动过。新的时间若对，请负责人确认；若不对，请改回去，或请负责人设置时间。",
            "The clock was changed. If it is right now, have a supervisor confirm it. If it is wrong, set it back, or have a \
             supervisor set the time.",
        ),
        Say::BundleFallback => lang.choose("用的是上一份", "the one before"),
        Say::NoneHeld => lang.choose("没有", "none"),
        Say::Alert => lang.choose("立即报告社区", "Report to the office at once"),
        Say::Direction => lang.choose("方向", "Direction"),
        Say::Aim => lang.choose("对准镜头", "Aim the camera"),
        Say::AimDo => lang.choose(
            "把卡举到大家会举的位置。二维码要清楚、占画面宽度的四分之一以上；读到时会画出方框。对焦和曝光见 kiosk cameras。",
            "Hold a card where people will. Its code should be sharp and take a quarter of the width or more; a frame is drawn around a code that is read. For focus and exposure see kiosk cameras.",
        ),
        Say::AimDone => lang.choose("返回", "Back to the gate"),
        Say::Picture => lang.choose("镜头画面", "What the camera sees"),
        Say::OtherLanguage => lang.choose("English", "中文"),
        Say::Emergency => lang.choose("紧急开闸", "Emergency: open"),
        Say::Everybody => lang.choose("全部放行", "Let everybody through"),
        Say::EverybodyDo => lang.choose(
            "紧急开闸：不拦任何人。出示的证照常判断、记录，不影响通行。",
            "Emergency: stop nobody. Cards that are shown are judged and logged as ever, and hold nobody up.",
        ),
        Say::EmergencyOpen => lang.choose("紧急开闸，自动关闭还有", "EMERGENCY: open, closes by itself in"),
        Say::EmergencyClose => lang.choose("现在关闭", "Close now"),
        Say::TurnIn => lang.choose("出，改为进", "Out; turn to in"),
        Say::TurnOut => lang.choose("进，改为出", "In; turn to out"),
        Say::Stick => lang.choose("U 盘", "Stick"),
        Say::Program => lang.choose("程序", "Program"),
        Say::Office => lang.choose("社区", "Office"),
        Say::Undelivered => lang.choose("待上报", "Not yet sent"),
        Say::AlertsWaiting => lang.choose("告警", "alerts"),
        Say::NoVoice => lang.choose("浏览器没有中文语音，不能读出", "No English voice: verdicts are not said"),
        Say::SoundBlocked => lang.choose("没有声音：请点一下屏幕", "No sound: touch the screen once"),
    }
}

/// How old the bundle is.
#[must_use]
pub fn bundle_age(seconds: i64, lang: Language) -> String {
    let age = super::duration(seconds, lang);
    lang.choose(format!("{age}前"), format!("{age} old"))
}

/// The label of an eye.
#[must_use]
pub fn eye(kind: EyeKind) -> Say {
    match kind {
        EyeKind::Camera => Say::Camera,
        EyeKind::IpCamera => Say::IpCamera,
        EyeKind::Scanner => Say::Scanner,
    }
}

/// How an eye does, in a word or two.
#[must_use]
pub fn health(kind: EyeKind, health: &Health) -> Say {
    match (kind, health) {
        (EyeKind::Camera | EyeKind::IpCamera, Health::Lost { .. }) => Say::CameraLostShort,
        (EyeKind::Scanner, Health::Lost { .. }) => Say::ScannerLostShort,
        (_, Health::Seeing) => Say::CameraSeeing,
        (_, Health::Starting) => Say::CameraStarting,
        (_, Health::Recording) => Say::Recording,
        (_, Health::Walk) => Say::Walk,
        (_, Health::Finished) => Say::Finished,
    }
}

/// The label of another device.
#[must_use]
pub fn device(device: Device) -> Say {
    match device {
        Device::Barrier => Say::Barrier,
        Device::TurnSensor => Say::Sensor,
        Device::Camera => Say::Camera,
        Device::HandScanner => Say::Scanner,
        Device::Thermometer => Say::Thermometer,
        Device::Switch => Say::Switch,
        Device::Sound => Say::Sound,
    }
}

/// How it does, in a few words.
#[must_use]
pub fn device_health(device: Device, health: &devices::Health) -> Say {
    match (device, health) {
        (_, devices::Health::Lost { .. }) => Say::DeviceLost,
        (_, devices::Health::Open) => Say::BarrierOpen,
        (Device::Barrier, devices::Health::Working) => Say::BarrierClosed,
        (_, devices::Health::Working) => Say::CameraSeeing,
    }
}
/// Whether the office is reached, and whether that is bad; nothing where there is none to reach.
#[must_use]
pub fn reached(reached: &Reached, lang: Language) -> Option<(String, bool)> {
    let (text, bad) = match reached {
        Reached::Alone => return None,
        Reached::NotYet => (lang.choose("正在连接", "connecting").to_owned(), false),
        Reached::Online => (lang.choose("已连接", "connected").to_owned(), false),
        // Cards are judged all the same: that is said first.
        Reached::Offline { .. } => {
            (lang.choose("离线，照常判断", "offline; judging goes on").to_owned(), false)
        }
        Reached::Enrolling => (lang.choose("正在登记", "enrolling").to_owned(), false),
        Reached::Refused(why) => (enrol_problem(why, lang), true),
    };
    Some((text, bad))
}

/// What came of the visit of a stick.
#[must_use]
pub fn carried(visit: &Visit, lang: Language) -> String {
    let left = visit.left;
    let program = match (&visit.program, &visit.program_refused) {
        (Some(version), _) => {
            lang.choose(format!("，收下新程序 {version}"), format!(", version {version} came"))
        }
        (None, Some(_)) => lang.choose("，其中的程序没有收下", ", its program was not taken").to_owned(),
        (None, None) => String::new(),
    };
    lang.choose(
        format!("完成，可以拔出（带走 {left} 条记录{program}）"),
        format!("done, it can be pulled ({left} events on it{program})"),
    )
}

/// How newer programs stand, and whether that is bad; nothing where there is none.
#[must_use]
pub fn programs(standing: &Standing, lang: Language) -> Option<(String, bool)> {
    match (standing.waits, standing.failed) {
        (Some(version), _) => Some((
            lang.choose(format!("{version} 等空闲时启用"), format!("{version} starts when it is quiet")),
            false,
        )),
        (None, Some(version)) => Some((
            lang.choose(
                format!("{version} 更新失败，照旧运行"),
                format!("update {version} failed; the old one runs"),
            ),
            true,
        )),
        (None, None) => None,
    }
}

/// Why the gate could not be enrolled, and what to do.
#[must_use]
pub fn enrol_problem(why: &EnrolProblem, lang: Language) -> String {
    match why {
        EnrolProblem::Already => lang
            .choose(
                "本机已经登记过。要改登记到别处，请管理员运行 kiosk enrol --replace。",
                "This gate is enrolled already. To move it, whoever maintains it runs kiosk enrol --replace.",
            )
            .to_owned(),
        EnrolProblem::Unreachable(why) => lang.choose(
            format!("连不上社区。请检查网线和地址（{why}）。"),
            format!("The office is not reached: check cable and address ({why})."),
        ),
        EnrolProblem::Unknown => lang
            .choose(
                "社区不认识这个邀请码。请核对，或重新邀请。",
                "The office does not know this code: check it, or have the gate invited anew.",
            )
            .to_owned(),
        EnrolProblem::Used => lang
            .choose(
                "这个邀请码已被别的机器用过。请重新邀请。",
                "Another machine has used this code: have the gate invited anew.",
            )
            .to_owned(),
        EnrolProblem::Ended => lang
            .choose("邀请码已过期。请重新邀请。", "The code's time is over: have the gate invited anew.")
            .to_owned(),
        EnrolProblem::Locked => lang
            .choose(
                "社区的密钥没有解锁，或不包括这个小区。请联系社区管理员。",
                "The office's keys are locked, or don't cover the compound: tell its administrator.",
            )
            .to_owned(),
        EnrolProblem::Office(word) => lang.choose(
            format!("社区一时办不了（{word}）。请稍后再试。"),
            format!("The office can't do it just now ({word}): try again later."),
        ),
        EnrolProblem::NotBelieved(why) => lang.choose(
            format!("收到的回答不可信，没有采用（{why}）。请重新邀请。"),
            format!(
                "The answer is not to be believed and was not taken ({why}): have the gate invited anew."
            ),
        ),
        EnrolProblem::Disk(why) => lang.choose(
            format!("本机磁盘写不进去（{why}）。"),
            format!("This machine's disk can't be written ({why})."),
        ),
    }
}
