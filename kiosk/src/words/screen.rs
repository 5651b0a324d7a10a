//! What the screen says besides verdicts: what to do when the gate can't judge, labels, and the state of its parts.

use gate::Device;

use super::Lang;
use crate::devices;
use crate::eyes::EyeKind;
use crate::frames::Health;

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
    /// On the button that opens the gate in an emergency.
    Emergency,
    /// Turns the lane's switch so that it leads in.
    TurnIn,
    /// Turns it so that it leads out.
    TurnOut,
    /// Label: events that the office does not have yet.
    Undelivered,
    /// Label: alerts among them.
    AlertsWaiting,
    /// While the gate stands open for one; how long still follows.
    EmergencyOpen,
    /// On the button that ends it.
    EmergencyClose,
}

/// The text.
#[must_use]
pub fn say(say: Say, lang: Lang) -> &'static str {
    match say {
        Say::Title => lang.of("三色门", "Sanse Gate"),
        Say::Ready => lang.of("请出示通行证", "Show your pass"),
        Say::HoldUp => lang.of("把二维码举到镜头前，停一下", "Hold the code up to the camera for a moment"),
        Say::Untrusted => lang.of("尚未设置信任", "Not set up yet"),
        Say::UntrustedDo => lang.of(
            "本机还没有根密钥，不能判断任何证。请管理员运行 kiosk trust，并核对恢复单上的指纹。",
            "This gate trusts no root key and judges nothing. Run kiosk trust, and compare the fingerprint with the recovery sheet.",
        ),
        Say::NoBundle => lang.of("还没有数据包", "No bundle yet"),
        Say::NoBundleDo => lang.of(
            "请从社区取得数据包，运行 kiosk load 载入。载入前不能判断任何证。",
            "Fetch the bundle from the office and run kiosk load. Nothing is judged before that.",
        ),
        Say::BundleUnusable => lang.of("数据包不能用", "The bundle cannot be used"),
        Say::BundleUnusableDo => lang.of(
            "请从社区重新取得数据包，运行 kiosk load 载入。",
            "Fetch the bundle from the office again and run kiosk load.",
        ),
        Say::JournalDown => lang.of("日志写不进去", "Log not writable"),
        Say::JournalDownDo => lang.of(
            "不能放行：请改用人工登记。检查磁盘是否已满或拔出，再运行 kiosk log verify。",
            "Nobody is admitted: write passages down by hand. Check whether the disk is full or unplugged, then run kiosk log verify.",
        ),
        Say::DiskFull => lang.of("磁盘已满", "Disk full"),
        Say::DiskFullDo => lang.of(
            "记不了日志，不能放行：请改用人工登记。请清理磁盘，至少腾出 8 MB；有空间后自动恢复，不必重启。",
            "Nothing can be logged, so nobody is admitted: write passages down by hand. Free 8 MB of disk space at least; the gate \
             goes on by itself then, without a restart.",
        ),
        Say::DiskReadOnly => lang.of("磁盘只读", "Disk is read-only"),
        Say::DiskReadOnlyDo => lang.of(
            "记不了日志，不能放行：请改用人工登记。检查存储卡的写保护开关；若没有开关，卡可能坏了，请通知管理员更换。恢复可写后自动继续。",
            "Nothing can be logged, so nobody is admitted: write passages down by hand. Check the card's lock switch; without one, the \
             card may be failing: call whoever maintains this machine. The gate goes on by itself once it can write.",
        ),
        Say::JournalDamaged => lang.of("日志有损坏", "Log damaged"),
        Say::JournalDamagedDo => lang.of(
            "已有的记录被改动或丢失，原样未动。不能放行：请改用人工登记。请管理员先备份数据目录，运行 kiosk log verify 查看，再用 kiosk log set-aside 移开；门口程序随后自动重新开始。",
            "Events that had been logged were changed or lost; everything was left as it is. Nobody is admitted: write passages down \
             by hand. Whoever maintains this machine copies the data folder, looks with kiosk log verify, and moves the log aside \
             with kiosk log set-aside; the gate then begins a new one by itself.",
        ),
        Say::CameraLost => lang.of("摄像头无画面", "No picture"),
        Say::CameraLostDo => lang.of(
            "正在自动重连。请检查插头和镜头；期间请人工查验。",
            "Trying the camera again by itself. Check its plug and its lens; check passes by eye meanwhile.",
        ),
        Say::ScannerLost => lang.of("扫码枪未连接", "No scanner"),
        Say::ScannerLostDo => lang.of(
            "正在自动重连。请插好扫码枪；期间请人工查验。",
            "Trying the scanner again by itself. Plug it in; check passes by eye meanwhile.",
        ),
        Say::HoldUnder => lang.of("请用扫码枪扫描证上的二维码", "Scan the code on the pass with the scanner"),
        Say::Foreign => lang.of(
            "看到一个码，但不是通行证。请出示通行证上的码。",
            "That code is no pass. Show the code on the pass.",
        ),
        Say::Disconnected => lang.of("与门口程序断开", "Not connected"),
        Say::DisconnectedDo => lang.of(
            "请勿据此放行。正在自动重连；若不恢复，请重启本机。",
            "This page has lost the gate's program: do not go by it. Trying again by itself; if it stays like this, restart the machine.",
        ),
        Say::Logged => lang.of("已记录", "Logged"),
        Say::Bundle => lang.of("数据包", "Bundle"),
        Say::Camera => lang.of("镜头", "Camera"),
        Say::IpCamera => lang.of("网络摄像头", "IP camera"),
        Say::Scanner => lang.of("扫码枪", "Scanner"),
        Say::Clock => lang.of("时钟", "Clock"),
        Say::CameraSeeing => lang.of("正常", "working"),
        Say::CameraStarting => lang.of("正在打开", "opening"),
        Say::CameraLostShort => lang.of("没有画面", "no picture"),
        Say::Barrier => lang.of("道闸", "Barrier"),
        Say::BarrierOpen => lang.of("开启", "open"),
        Say::BarrierClosed => lang.of("关闭", "closed"),
        Say::Sensor => lang.of("通行传感器", "Bar sensor"),
        Say::Switch => lang.of("方向开关", "Direction switch"),
        Say::Thermometer => lang.of("测温", "Thermometer"),
        Say::Sound => lang.of("声音", "Sound"),
        Say::DeviceLost => lang.of("故障，正在重试", "not working, trying again"),
        Say::ScannerLostShort => lang.of("未连接", "not connected"),
        Say::Recording => lang.of("播放录像", "playing a recording"),
        Say::Walk => lang.of("演示：打印卡", "demonstration with printed cards"),
        Say::Finished => lang.of("播放完毕", "recording is over"),
        Say::ClockGood => lang.of("正常", "good"),
        Say::ClockDoubt => lang.of("可能不准，请校准", "in doubt, set it"),
        Say::ClockBehind => lang.of(
            "时钟慢了：比社区签发数据的时间还早。请接通网络自动校时，或请负责人设置时间。此前按规则从严处理。",
            "The clock is slow: it shows a time before the office signed its data. Connect the network so that it is set, or have a \
             supervisor set the time. Until then the rules for a doubtful clock hold.",
        ),
        Say::ClockAhead => lang.of(
            "时钟可能快了：比上次可信的时间晚了好几天。时间若对，请负责人确认，或载入新的数据包；若不对，请负责人设置时间。",
            "The clock may be fast: it is days later than when the time was last certain. If it is right, have a supervisor confirm \
             it, or load a newer bundle. If it is wrong, have a supervisor set the time.",
        ),
        Say::ClockStepped => lang.of(
            "时钟被改动过。新的时间若对，请负责人确认；若不对，请改回去，或请负责人设置时间。",
            "The clock was changed. If it is right now, have a supervisor confirm it. If it is wrong, set it back, or have a \
             supervisor set the time.",
        ),
        Say::BundleFallback => lang.of("用的是上一份", "the one before"),
        Say::NoneHeld => lang.of("没有", "none"),
        Say::Alert => lang.of("立即报告社区", "Report to the office at once"),
        Say::Direction => lang.of("方向", "Direction"),
        Say::Aim => lang.of("对准镜头", "Aim the camera"),
        Say::AimDo => lang.of(
            "把卡举到大家会举的位置。二维码要清楚、占画面宽度的四分之一以上；读到时会画出方框。对焦和曝光见 kiosk cameras。",
            "Hold a card where people will. Its code should be sharp and take a quarter of the width or more; a frame is drawn around a code that is read. For focus and exposure see kiosk cameras.",
        ),
        Say::AimDone => lang.of("返回", "Back to the gate"),
        Say::Picture => lang.of("镜头画面", "What the camera sees"),
        Say::OtherLanguage => lang.of("English", "中文"),
        Say::Emergency => lang.of("紧急开闸", "Emergency: open"),
        Say::EmergencyOpen => lang.of("紧急放行，让所有人通过。自动关闭：", "EMERGENCY: let everybody through. Closes by itself in"),
        Say::EmergencyClose => lang.of("现在关闭", "Close now"),
        Say::TurnIn => lang.of("出，改为进", "Out; turn to in"),
        Say::TurnOut => lang.of("进，改为出", "In; turn to out"),
        Say::Undelivered => lang.of("待上报", "Not yet sent"),
        Say::AlertsWaiting => lang.of("告警", "alerts"),
        Say::SoundBlocked => lang.of("没有声音：请点一下屏幕", "No sound: touch the screen once"),
    }
}

/// How old the bundle is.
#[must_use]
pub fn bundle_age(seconds: i64, lang: Lang) -> String {
    let age = super::duration(seconds, lang);
    lang.of(format!("{age}前"), format!("{age} old"))
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
