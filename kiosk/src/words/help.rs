//! What commands and their options are for: the text of `--help`.

use super::Language;

/// What a command is for, by what is typed for it: `log verify`. None of one that nobody types.
#[must_use]
pub fn about(command: &str, lang: Language) -> Option<&'static str> {
    let (zh, en) = match command {
        "" => (
            "三色门卡点程序：扫描通行证，不联网核验，逐次记录，大字显示结果",
            "Scans passes at a compound's gate, judges them without a network, logs every verdict, and shows it",
        ),
        "trust" => ("认定根公钥；没有它什么证都不判断", "Pin the root key: without one, nothing is judged"),
        "load" => (
            "整份核对数据包，留作现用；不会换成更旧的",
            "Check a bundle whole and keep it as the current one, never an older one",
        ),
        "key" => (
            "输出本卡点的公钥，社区用它封人员资料；第一次用时生成",
            "Print this gate's public key, by which the office seals for it; made at first use",
        ),
        "enrol" => (
            "凭社区的邀请登记为它的卡点：认定根公钥、生成密钥、取得第一份数据包",
            "Become a gate of an office by its invitation: pins its root, makes keys, takes the first bundle",
        ),
        "stick" => (
            "用社区签名的 U 盘交换：取走新数据，留下记录",
            "Exchange with the office by a stick that it has signed: takes what is new, leaves what was logged",
        ),
        "sync" => (
            "现在就通过网络与社区交换一次，并说明结果",
            "Exchange with the office by network, once and now, and say what came of it",
        ),
        "update" => (
            "更新程序：收下一个签过名的新程序；不写文件则显示现用、待用和失败的版本",
            "Take a newer program that was signed; without a file: which version runs, waits, or has failed",
        ),
        "run" => ("运行卡点", "Run the gate"),
        "log" => ("查看、检查、导出日志", "Read, check or export the journal"),
        "log list" => ("输出记录，最新的在最后", "Print the events, the newest last"),
        "log verify" => (
            "逐字节检查：校验和、序号、链，以及分段文件旁的数据库",
            "Check every byte: checksums, sequence, chain, and the store beside the segments",
        ),
        "log export" => (
            "把全部记录写入文件；用 --format cbor（社区读这种）写出的算作已上报",
            "Write all events to a file; with --format cbor, which is what an office reads, they count as delivered to it",
        ),
        "log set-aside" => (
            "把损坏的日志整个移到一边，卡点另开新日志",
            "Move a damaged journal aside, whole, so that the gate begins a new one",
        ),
        "rules" => ("说明规则，或用别的规则试算日志", "Explain the rules, or try other ones on the journal"),
        "rules explain" => ("用白话说出规则", "Say the rules in plain sentences"),
        "rules try" => (
            "用别的规则重新判断日志，说出哪些通行会不一样",
            "Judge the journal again under other rules, and say which passages would have gone otherwise",
        ),
        "scan" => (
            "识读标准输入列出的图片，每张一行结果",
            "Scan pictures named on standard input, a line of result each",
        ),
        "check" => (
            "判断标准输入中的证码文字，每条一行 JSON；不写日志",
            "Judge texts of passes on standard input, a line of JSON each; logs nothing",
        ),
        "cameras" => (
            "列出摄像头、各自会用的格式、镜头可调的项目",
            "List cameras, the format in which each would be used, and what its lens can be asked for",
        ),
        "eyes" => (
            "列出卡点能用来看的一切：摄像头、扫码枪、串口",
            "List everything that a gate could see with: cameras, hand scanners, serial ports",
        ),
        _ => return None,
    };
    Some(lang.choose(zh, en))
}

/// What an argument of a command is for, by its name. None of one that nobody types.
#[must_use]
pub fn argument(command: &str, name: &str, lang: Language) -> Option<&'static str> {
    let (zh, en) = match (command, name) {
        ("update", "update") => ("签过名的程序文件", "The file with the signed program"),
        ("stick", "folder") => ("U 盘挂载的文件夹", "The folder where the stick is mounted"),
        ("enrol", "invitation") => (
            "邀请二维码里的文字（SGE1:…），或存有它的文件",
            "The text of the invitation's code (SGE1:…), or a file that holds it",
        ),
        ("enrol", "office") => {
            ("社区的地址，如 http://10.0.0.9:7380", "The office's address, like http://10.0.0.9:7380")
        }
        ("enrol", "code") => ("邀请码", "The invitation's code"),
        ("enrol", "replace") => (
            "放弃以前的登记和根公钥；日志保留",
            "Give up an earlier enrolment and its root key; the journal stays",
        ),
        (_, "data") => (
            "存放根公钥、数据包、日志和 kiosk.toml 的文件夹 [默认：XDG 数据文件夹]",
            "The folder with root key, bundle, journal and kiosk.toml [default: the XDG data folder]",
        ),
        (_, "log") => ("日志格式：text 或 json", "What log lines look like: text or json"),
        (_, "log_level") => (
            "日志级别，如 info 或 kiosk=debug,warn [默认：warn]",
            "Of which level log lines are, such as info, or kiosk=debug,warn [default: warn]",
        ),
        (_, "lang") => ("提示用的语言", "The language of messages"),
        ("trust", "root") => (
            "文件或文字：base64 的 COSE_Key、JWK，或含一把 root 公钥的 JWK Set",
            "A file or the text itself: a COSE_Key in base64, a JWK, or a JWK Set with one key of the role root",
        ),
        ("trust", "replace") => (
            "已认定别的根公钥也换成这把；原数据包作废",
            "Pin it although another root is pinned; the bundle is given up",
        ),
        ("load", "bundle") => ("数据包文件", "The bundle's file"),
        ("key", "jwk") => (
            "输出 JWK（内含 COSE_Key），而不只是 base64 的 COSE_Key",
            "Print it as a JWK, with its COSE_Key inside, instead of the COSE_Key in base64 alone",
        ),
        ("check", "bundle") => (
            "按这份数据包判断 [默认：已载入的那份]",
            "Judge by this bundle [default: the one that was loaded]",
        ),
        ("check", "direction") => ("方向：进 in，出 out", "Which way: in, home; or out"),
        ("check", "root") => (
            "这一次认这把根公钥 [默认：已认定的那把]",
            "Believe in this root for this run [default: the one that was pinned]",
        ),
        ("rules explain", "rules") => {
            ("规则文件 [默认：数据包里的]", "A file of rules [default: those of the bundle]")
        }
        ("rules try", "rules") => ("规则文件", "A file of rules"),
        ("rules try", "since") => (
            "从这天或这时起，如 2020-02-18 或 2020-02-18T10:00 [默认：从头]",
            "From this day or time on, such as 2020-02-18 or 2020-02-18T10:00 [default: from the beginning]",
        ),
        ("rules try", "until") => {
            ("到这天或这时之前 [默认：到最后]", "Before this day or time [default: to the end]")
        }
        ("rules try", "format") => (
            "给人读的文字、每行一条 JSON，或带表头的 CSV",
            "Lines for people in their language, lines of JSON, or CSV (RFC 4180) with a header",
        ),
        ("log list", "last") => ("只要最新的这么多条", "Only so many of the newest"),
        ("log list" | "log export", "format") => (
            "每行一条 JSON、带表头的 CSV，或记录的原始字节（CBOR 序列，可带走、可重算）",
            "Lines of JSON, CSV (RFC 4180) with a header, or the bytes that were hashed: a CBOR sequence (RFC 8742), to carry \
             away or to replay",
        ),
        ("log export", "out") => ("文件 [默认：标准输出]", "The file [default: standard output]"),
        ("run", name) => return of_run(name, lang),
        _ => return None,
    };
    Some(lang.choose(zh, en))
}

fn of_run(name: &str, lang: Language) -> Option<&'static str> {
    let (zh, en) = match name {
        "bundle" => ("先载入这份数据包", "Load this bundle first"),
        "gate" => ("卡点名称，显示在屏幕上，写在日志里", "The gate's name, on the screen and in the log"),
        "direction" => (
            "卡点方向：进 in，出 out，按屏幕上的按钮 switch，按各人上次通行 auto [默认：out]",
            "Which way this gate is used: in, home; out; switch, as a button of the screen says; auto, by everybody's last \
             passage [default: out]",
        ),
        "camera" => (
            "摄像头的名称、编号或路径，或 auto [默认：第一个有画面的]",
            "A camera's name, number or path, or auto [default: the first that gives pictures]",
        ),
        "ip_camera" => (
            "网络摄像头的 MJPEG 流或静态图片：http://主机/路径",
            "The MJPEG stream or still picture of a camera on the network: http://HOST/PATH",
        ),
        "scanner" => (
            "键盘式扫码枪：名称的一部分、路径，或 auto",
            "A hand scanner in keyboard mode: a part of its name, its path, or auto",
        ),
        "serial" => (
            "串口扫码枪，速率不是 9600 时写明：/dev/ttyACM0,115200",
            "A hand scanner on a serial line, with its rate if that is not 9600: /dev/ttyACM0,115200",
        ),
        "images" => (
            "不用摄像头，读文件夹里的图片，按名称排序",
            "Instead of a camera: the images of a folder, in the order of their names",
        ),
        "video" => (
            "不用摄像头，读视频文件（.y4m、.mjpeg；装了 ffmpeg 时也读其他格式）",
            "Instead of a camera: a video file (.y4m and .mjpeg; others when ffmpeg is installed)",
        ),
        "walk" => (
            "不用摄像头，逐张读打印好的证（PDF）；可写多次",
            "Instead of a camera: the cards of printed sheets, one after the other; can be given several times",
        ),
        "focus" => (
            "摄像头对焦：auto，或 `kiosk cameras` 列出范围内的数",
            "The cameras' focus: auto, or a number from what `kiosk cameras` lists",
        ),
        "exposure" => (
            "摄像头曝光：auto，或以 0.1 毫秒为单位的数",
            "The cameras' exposure: auto, or a number of 0.1 ms",
        ),
        "listen" => (
            "屏幕网页的地址，只限本机 [默认：127.0.0.1:7381]",
            "Where the screen's page listens, on loopback [default: 127.0.0.1:7381]",
        ),
        "metrics_listen" => (
            "Prometheus 指标的另一个监听地址，如 10.0.0.7:9381 [默认：只在屏幕网页的 /metrics]",
            "Another address for the figures for Prometheus, such as 10.0.0.7:9381 [default: at /metrics of the screen's page alone]",
        ),
        "once" => (
            "图片、视频或证读完即结束，尽快地读；最后一行是计数",
            "End with the images, the video or the sheets, which are read as fast as can be; the last line printed has the \
             counts",
        ),
        "same_card" => (
            "这么多秒没见到，同一张证才算新出示 [默认：5]",
            "A card counts as new when it was not seen for so long [default: 5]",
        ),
        "pace" => (
            "与 --walk 同用：每隔这么多秒出示一张，完了从头再来",
            "With --walk: show a card this often, and begin again after the last",
        ),
        _ => return None,
    };
    Some(lang.choose(zh, en))
}
