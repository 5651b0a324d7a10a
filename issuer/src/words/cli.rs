//! Words of the command line: what commands and options are for, and what commands tell when they are done.

use std::path::Path;

use super::Language;

/// What a command is for, by what is typed for it: `gate add`.
#[must_use]
pub fn about(command: &str, language: Language) -> &'static str {
    let (zh, en) = match command {
        "keygen" => (
            "生成根密钥和签发密钥，打印恢复单",
            "Make the root key and the issuer key; print the recovery sheet",
        ),
        "import" => (
            "导入名册（.xlsx .xls .csv）：好的行入库，坏的行指明单元格",
            "Import a roster (.xlsx .xls .csv): good rows go in, bad ones are named by cell",
        ),
        "export" => (
            "导出名册（.xlsx .csv），含姓名全名和电话；改好后可再导入",
            "Export the registry as a roster (.xlsx .csv) with full names and phones; it can be imported again",
        ),
        "template" => ("写出空白名册模板（.xlsx .csv）", "Write a roster to fill in (.xlsx .csv)"),
        "purge" => (
            "删除保存期满的记录，输出清除证明；issuer serve 每天自动执行一次",
            "Delete records whose time is over, and print the certificate; issuer serve does it once a day",
        ),
        "xls-rows" => (
            "（内部）把标准输入的 .xls 变成一行一行的 JSON",
            "(internal) Turn the .xls on standard input into lines of JSON",
        ),
        "sign" => {
            ("为所有需要通行证的人和车签发", "Sign passes for everybody and every vehicle that needs one")
        }
        "print" => ("把通行证排成可打印的 A4 PDF", "Lay the passes out on A4 sheets, as a PDF"),
        "sheet" => ("打印好的整张证：发给了谁", "Printed sheets: who was given them"),
        "sheet list" => ("列出还在社区的整张证", "List the sheets that are still in the office"),
        "sheet hand" => ("登记发放：单号、发给谁", "Note who was given sheets, by their numbers"),
        "sheet back" => ("登记收回", "Note that sheets are back"),
        "notice" => (
            "一页告示：海报、居家观察门牌和告知书、封闭通告",
            "Notices of a page: posters, for a home under observation, of a closed building",
        ),
        "notice poster" => (
            "海报：请出示通行证，三种颜色各能做什么",
            "A poster for gate, lift or door: show your pass, and what each colour may do",
        ),
        "notice door-sign" => {
            ("居家观察门牌，不写姓名", "The sign for the door of a home under observation; it names nobody")
        }
        "notice guidance" => (
            "居家观察告知书，附体温记录表",
            "The guidance sheet for somebody under observation, with a table of their days",
        ),
        "notice closed" => {
            ("楼或单元封闭管理通告", "The notice at the door of a closed building or stairwell")
        }
        "specimen" => (
            "打印培训用样证：三种颜色，任何卡点都不放行",
            "Print specimens for training, one of each colour: they open nothing",
        ),
        "office" => (
            "社区名称、电话、对外网址、通行证有效期",
            "The office's name, telephone, address and how long passes live",
        ),
        "office show" => ("查看", "Show them"),
        "office set" => ("更改：只改写出的项", "Change those that are named"),
        "keys" => (
            "输出公钥（JWK Set，含 base64 COSE_Key）",
            "Print the public keys (a JWK Set, with base64 COSE_Keys)",
        ),
        "bundle" => (
            "写出卡点离线判断所需的数据包：信任清单、状态清单、规则",
            "Write the bundle a gate judges by without a network: trust list, status list, rules",
        ),
        "gate" => ("登记卡点：人员资料只封给登记过的卡点", "Gates that people are sealed for"),
        "gate add" => (
            "登记一个卡点及其公钥（kiosk key 的输出）；同名卡点换用新公钥",
            "Make a gate known by its public key, as kiosk key prints it; one of this name gets the new key",
        ),
        "simulate" => ("在真实的 issuer 上演一个区", "Play a district against real issuers"),
        "simulate roster" => (
            "写出一个区的名册；户数多时写成几个文件",
            "Write the roster of a district; a large one goes into several files",
        ),
        "simulate day" => (
            "演一天：卡点登记、上报通行，量出每秒收多少、要等多久；会在登记库里留下卡点和记录，请用专门的数据目录",
            "Play a day: gates enrol and report passages; says how many a second are taken in and how long a gate waits. It leaves gates \
             and passages in the registry: use a data folder of its own",
        ),
        "trust" => ("信任清单：哪些密钥可签什么", "The trust list: which keys may sign what"),
        "trust list" => {
            ("列出名单上的密钥；* 是本社区现用的", "List its keys; * is the one this office signs by")
        }
        "trust rotate" => (
            "换一把签发密钥：旧的留在名单上直到到期，已发的证照常有效",
            "Sign by a new key: the old one stays in the list until its end, and what it signed holds on",
        ),
        "trust pull" => (
            "撤下一把密钥：它签过的一概不认，别的密钥签的不受影响",
            "Pull a key: nothing that it signed is believed any more; what others signed is not touched",
        ),
        "trust add" => (
            "把同区另一个社区的密钥加入名单，只管它自己的小区",
            "Add the key of another office of the district, for its own compounds",
        ),
        "trust take" => {
            ("接收同一根密钥签的新名单（trust.cose）", "Take over a newer list (trust.cose) of the same root")
        }
        "stick" => ("用 U 盘与卡点交换", "Exchange with gates by sticks"),
        "stick prepare" => ("给 U 盘签名：卡点只认签过名的", "Sign a stick: gates take no other"),
        "stick visit" => (
            "收下 U 盘上卡点留下的记录，写入各小区的新数据",
            "Take in what gates have left on a stick, and leave them what is new",
        ),
        "status-list" => {
            ("状态清单：自己的，和其他社区的", "Status lists: this office's, and those of others")
        }
        "status-list export" => (
            "把本社区现在的状态清单签名写成文件，交给其他社区",
            "Sign this office's status list as it is now, into a file for other offices",
        ),
        "status-list take" => (
            "收下其他社区的状态清单，随后送到需要它的卡点",
            "Keep other offices' status lists, and give them to the gates that need them",
        ),
        "status-list list" => (
            "列出收下的：社区编号、版本、签名时间、到期时间",
            "List what is kept: office, version, when it was signed, until when it holds",
        ),
        "update" => ("卡点的新版本程序", "Newer programs for gates"),
        "update sign" => (
            "用根私钥给卡点程序签名，写成一个文件",
            "Sign a program for gates by the root key, into one file",
        ),
        "update add" => (
            "收下签过名的卡点程序；issuer stick visit 把它写入 U 盘",
            "Keep a signed program; issuer stick visit copies it to sticks",
        ),
        "update list" => (
            "列出收下的：平台、版本、字节数、签名时间",
            "List what is kept: target, version, bytes, when it was signed",
        ),
        "gate invite" => (
            "邀请新卡点：输出邀请码，kiosk enrol 或卡点镜头用它登记；15 分钟内用一次",
            "Invite a new gate: prints a code by which kiosk enrol, or the gate's camera, enrols it; works once, within 15 minutes",
        ),
        "gate remove" => (
            "注销卡点：它的密钥从此什么也打不开，之后上报的一概不收",
            "Strike a gate off: its key opens nothing from now on, and nothing it tells later counts",
        ),
        "gates" => ("列出卡点", "List the gates"),
        "staff" => ("卡点值守人员", "Who works at the gates"),
        "account" => ("办公室账号：谁能登录页面", "Accounts of the office: who may sign in to its pages"),
        "account add" => {
            ("新增账号；密码由程序生成，只显示一次", "Add an account; its password is made, and told once")
        }
        "account password" => ("重设密码，只显示一次", "Make a new password, told once"),
        "account no-second" => ("停用某账号的两步验证", "Turn the two-step verification of an account off"),
        "account close" => ("停用账号", "Close an account"),
        "account list" => ("列出账号", "List the accounts"),
        "staff add" => (
            "添加值守人员；PIN 由本人输入或由程序生成，只显示一次",
            "Add a member of staff; the PIN is typed or made, and told once",
        ),
        "staff list" => ("列出值守人员", "List who works at the gates"),
        "staff remove" => ("删除值守人员及其排班", "Remove a member of staff, and their duties"),
        "duty" => ("排班表", "The duty roster"),
        "duty add" => ("给值守人员排班", "Put somebody on duty"),
        "duty list" => ("列出今后的排班", "List the duties to come"),
        "duty clear" => ("删除某人今后的排班", "Take somebody's duties to come off the roster"),
        "closure" => ("封闭与解封：一栋楼或一个单元", "Close a building or a stairwell, and open it again"),
        "closure add" => (
            "封闭：住在那里的人凭证不能出门，下一个数据包起生效",
            "Close it: nobody who lives there goes out, from the next bundle on",
        ),
        "closure list" => ("列出封闭中的楼栋和单元", "List what is closed"),
        "closure end" => ("解除封闭，证件自动恢复", "Open it again: the passes hold as before"),
        "exempt" => ("豁免：通勤、医疗", "What residents are let off: commuters, medical staff and patients"),
        "exempt add" => ("给一位居民豁免", "Let a resident off the quota, the hours, or both"),
        "exempt list" => ("列出豁免", "List the exemptions"),
        "exempt end" => ("结束一项豁免", "End an exemption"),
        "rules" => (
            "小区的规则：查看、修改、用文字说明、先试后用",
            "A compound's rules: show, change, explain, try before they bite",
        ),
        "rules show" => ("输出规则文件（JSON）", "Print the file of rules (JSON)"),
        "rules explain" => ("用一句一句的话说明规则", "Say the rules in plain sentences"),
        "rules set" => (
            "换成文件里的规则，下一个数据包起生效",
            "Take the rules of a file; they hold from the next bundle on",
        ),
        "rules history" => (
            "列出规则的每一版：何时、谁、为什么、改了什么",
            "List every version of the rules: when, who, why, and what it changed",
        ),
        "passages" => ("卡点的通行记录", "What gates have logged"),
        "passages journals" => (
            "列出收到的卡点日志：卡点、日志、首末序号、条数、缺失、分叉",
            "List the journals that were taken in: gate, journal, first and last event, kept, missing, forked",
        ),
        "passages export" => (
            "把一个小区的全部记录按原字节写入文件",
            "Write all events of a compound to a file, byte for byte",
        ),
        "passages import" => (
            "导入卡点日志（kiosk log export --format cbor 的文件）；同一文件导入两次不会重复",
            "Take in gates' journals (files of kiosk log export --format cbor); the same file twice changes nothing",
        ),
        "rules back" => {
            ("恢复以前的一版规则（成为新的一版）", "Bring an earlier version of the rules back, as a new one")
        }
        "rules try" => (
            "用另一套规则重判卡点导出的日志，列出结果会不同的通行",
            "Judge a gate's exported journal again under other rules, and say which passages would have gone otherwise",
        ),
        "pass" => ("按短码办理一张卡", "One card, by its short code"),
        "pass show" => (
            "查看一张卡、它现在的状态，以及对持卡人作过的决定",
            "Show a card, what is true of it now, and what was decided about its holder",
        ),
        "pass withdraw" => ("作废一张卡", "Withdraw a card for good"),
        "pass suspend" => ("暂停一张卡", "Suspend a card"),
        "pass reinstate" => ("恢复一张作废或暂停的卡", "Let a withdrawn or suspended card hold again"),
        "pass replace" => (
            "挂失补卡：旧卡失效，同时签发新卡",
            "Replace a card: the old one no longer holds, a new one is signed at once",
        ),
        "colour" => (
            "改变一人或一车的颜色；由红色解除须已销号",
            "Decide somebody's colour; leaving red takes a sign-off",
        ),
        "health" => {
            ("记录一人的健康检查；销号之前必须有", "Record somebody's health check; a sign-off takes one")
        }
        "passes" => ("列出已签发的通行证", "List the passes signed"),
        "backup" => (
            "备份整个登记库到一个文件，其他程序可照常工作；有口令则加密",
            "Copy all of the registry into one file while others go on working; encrypted where there is a passphrase",
        ),
        "restore" => (
            "把备份恢复到空库（SQLite 或 PostgreSQL 均可）",
            "Restore a backup into an empty registry, in SQLite or PostgreSQL, whichever it came from",
        ),
        "serve" => (
            "启动网页：居民与通行证、手机亮证、健康检查",
            "Serve the pages: residents and passes, a pass for a phone, health",
        ),
        _ => ("三色门：社区签发程序", "Sanse Gate: the community office's program"),
    };
    language.choose(zh, en)
}

/// What an option or argument is for, by its name in the program.
#[must_use]
pub fn option(name: &str, language: Language) -> &'static str {
    let (zh, en) = match name {
        "data" => ("数据目录", "The data folder"),
        "database" => (
            "数据库地址，如 postgres://用户@主机/库；不写则用数据目录里的 SQLite 文件。密码请放在环境变量或 ~/.pgpass 里",
            "The database, such as postgres://user@host/name; a SQLite file in the data folder, when left out. Keep the password \
             in the environment or in ~/.pgpass",
        ),
        "lang" => ("语言：zh 或 en", "The language: zh or en"),
        "office" => ("本社区在区里的编号", "The office's number in the district"),
        "compounds" => {
            ("本社区小区编号的范围，如 1-999", "The numbers its compounds may have, such as 1-999")
        }
        "days" => ("签发密钥的有效天数", "For how many days the issuer key may sign"),
        "roster" => ("名册文件", "The roster"),
        "show" => ("只看各类记录保存多少天", "Only say how many days each kind of record is kept"),
        "certificates" => ("列出已有的清除证明", "List the certificates of what was deleted"),
        "keep" => (
            "改变保存天数，如 audit=1095；可写多次；不执行删除",
            "Change how many days a kind is kept, such as audit=1095; may be repeated; deletes nothing",
        ),
        "dry_run" => (
            "只看会新增、变更什么、哪些单元格有问题，什么也不写入",
            "Only say what would be added and changed and which cells are wrong; write nothing",
        ),
        "out" => ("写到哪个文件", "The file to write"),
        "size" => (
            "每张 A4 的卡数：ten（十张 ID-1）、eight（八张大卡）；one 为单张卡页，供制卡机",
            "Cards on an A4 sheet: ten (ID-1) or eight (larger); one: a page of just a card, for card printers",
        ),
        "compound" => ("小区名称", "The compound's name"),
        "gates" => (
            "写给哪个卡点（可重复）：数据包里加上只有它能解开的人员资料",
            "The gate it is for (may be repeated): people are added, sealed for it",
        ),
        "name" => ("名称", "The name"),
        "key" => (
            "公钥：kiosk key 输出的文件或文本",
            "The public key that kiosk key prints: a file, or the text itself",
        ),
        "role" => ("guard（门岗）或 supervisor（主管）", "guard or supervisor"),
        "make_pin" => ("不询问，生成六位 PIN", "Ask for no PIN; make one of six digits"),
        "starts" => {
            ("开始，小区当地时间，如 2020-03-01T08:00", "The start, in the compound's time: 2020-03-01T08:00")
        }
        "ends" => ("结束，小区当地时间", "The end, in the compound's time"),
        "at_gate" => ("哪个卡点；不写则不限", "At which gate; any, when left out"),
        "repeat" => ("连续几天，每天同一时间", "On so many days, one after the other, at the same time"),
        "who" => (
            "是谁：短码、房号（栋-单元-室）、姓名或车牌，须只有一个",
            "Who: a short code, building-unit-room, a name or a plate; it must find one alone",
        ),
        "kind" => ("commuter（通勤）或 medical（医疗）", "commuter or medical"),
        "quota" => ("不受每户次数限制", "From the household's quota"),
        "hours_rule" => ("不受关门时间和外出时段限制", "From closing time and exit windows"),
        "last_day" => {
            ("最后一天，如 2020-03-31；不写则不限期", "The last day, as 2020-03-31; open, when left out")
        }
        "lets_exempt" => (
            "有时段豁免的人仍可出门",
            "Whoever is let off the hours (commuters, medical staff) may still go out",
        ),
        "rules" => ("规则文件", "The file of rules"),
        "number" => {
            ("规则的第几版，见 issuer rules history", "Which version, as issuer rules history counts")
        }
        "journal" => (
            "卡点日志：kiosk log export --format cbor 的文件",
            "A gate's journal: the file of kiosk log export --format cbor",
        ),
        "since" => (
            "从何时起，如 2020-02-18 或 2020-02-18T10:00",
            "From when on, such as 2020-02-18 or 2020-02-18T10:00",
        ),
        "until" => ("到何时止", "Until when"),
        "form" => ("给人看的文字、JSON 行、或表格", "Lines for people, JSON lines, or a table"),
        "hours" => ("状态清单有效小时数", "For how many hours the status list holds"),
        "files" => ("导出的卡点日志", "Exported journals"),
        "file" => ("备份文件", "The backup"),
        "code" => ("短码，如 7K3-M9Q-XZ4", "The short code, such as 7K3-M9Q-XZ4"),
        "why" => ("原因，不写姓名；记入审计", "The reason, without names; it goes into the audit log"),
        "by" => ("谁决定的；记入审计", "Who decides; it goes into the audit log"),
        "colour" => ("red（红）、yellow（黄）或 green（绿）", "red, yellow or green"),
        "signed_off" => (
            "由红色解除：观察期满，健康检查合格，已销号",
            "For leaving red: the time is over, the health check was good, and it is signed for",
        ),
        "mistaken" => ("由红色解除：当初定错了", "For leaving red: it was a mistake from the beginning"),
        "temperature" => ("体温，如 36.5", "The temperature in °C, such as 36.5"),
        "symptoms" => ("有咳嗽、乏力等症状", "There are symptoms, such as a cough"),
        "json" => ("每证一行 JSON", "A line of JSON for each pass"),
        "listen" => {
            ("监听地址；不写则为 127.0.0.1:7380", "The address to listen at; 127.0.0.1:7380, when left out")
        }
        "tls_certificate" => (
            "本程序自己的 TLS：证书链文件（PEM）；换新后一小时内自动启用，或发送 SIGHUP 立即启用",
            "TLS of its own: the file of the certificate and its chain, in PEM; a renewed one is taken up within an hour, or at once \
             on SIGHUP",
        ),
        "metrics_listen" => (
            "Prometheus 指标的单独监听地址，如 127.0.0.1:9380；不写时，只有网页在回环地址且不经 TLS 时才在其 /metrics 提供",
            "The address of figures for Prometheus, such as 127.0.0.1:9380; when left out, they are at /metrics beside the pages, where \
             those are on loopback and without TLS",
        ),
        "log" => ("日志格式：text 或 json", "What log lines look like: text or json"),
        "log_level" => (
            "日志级别，如 info 或 issuer=debug,warn；不写则为 warn",
            "Of which level log lines are, such as info, or issuer=debug,warn; warn, when left out",
        ),
        "tls_key" => ("证书的私钥文件（PEM）", "The file of the certificate's key, in PEM"),
        "behind_tls" => (
            "浏览器经由 TLS 代理访问（Cookie 只用于 TLS）",
            "Browsers come by TLS, through a proxy (cookies are for TLS alone)",
        ),
        "hosts" => (
            "浏览器里可用的主机名（回环地址之外，可重复）",
            "A name browsers may use for this host, besides loopback's (may be repeated)",
        ),
        "lifetime" => ("通行证有效天数", "For how many days a pass holds"),
        "renew" => ("到期前几天换新", "How many days before its end a pass is renewed"),
        "font" => ("中文字体文件", "A font with Chinese characters"),
        "set" => ("打印全部有效证，或仅未打印过的", "Print all current passes, or only those never printed"),
        "building" => ("楼栋，如 3", "The building, such as 3"),
        "unit" => ("单元，如 2", "The stairwell unit, such as 2"),
        "cards" => {
            ("只打印这张证（短码，可重复）", "Print this card alone, by its short code (may be repeated)")
        }
        "new_sheet" => (
            "何时另起一张：compound（每小区）、building（每栋）、unit（每单元）",
            "What begins a new sheet: each compound, building or unit",
        ),
        "backs" => (
            "连同背面：手机亮证的秘密链接（须先设对外网址；双面打印，沿长边翻转）",
            "With backs: the secret link to the phone page (needs a public address; print on both sides, flip on the long edge)",
        ),
        "handed" => ("列出已发放的", "List those handed out"),
        "numbers" => ("单号", "Numbers of sheets"),
        "to" => ("发给谁", "Who was given them"),
        "spot" => {
            ("张贴处：gate（卡点）、lift（电梯）、door（单元门）", "Where it hangs: gate, lift or door")
        }
        "home" => ("房号，如 3-2-501", "The home, such as 3-2-501"),
        "first_day" => ("第一天，如 2020-03-01", "The first day, as 2020-03-01"),
        "contact" => ("包保联系人", "The contact person"),
        "telephone" => ("电话", "The telephone"),
        "because" => ("原因，印在通告上", "Why, as the notice says it"),
        "office_name" => ("社区名称，印在证上", "The office's name, as cards show it"),
        "folder" => ("U 盘挂载的文件夹", "The folder where the stick is mounted"),
        "id" => ("密钥编号，见 issuer trust list", "The key's id, as issuer trust list shows it"),
        "root" => (
            "根私钥文件（在保险柜的 U 盘上）；trust take 时是含新根公钥的 keys.json",
            "The file of the root's private key (on a stick, from the safe); for trust take, the keys.json of another root",
        ),
        "program" => ("kiosk 程序文件", "The kiosk program"),
        "status_list" => {
            ("issuer status-list export 写出的文件", "What issuer status-list export has written")
        }
        "update_file" => ("issuer update sign 写出的文件", "What issuer update sign has written"),
        "program_version" => ("版本，三个数，如 1.2.3", "Its version: three numbers, such as 1.2.3"),
        "target" => (
            "编译时的平台，如 aarch64-unknown-linux-gnu",
            "What it was built for, such as aarch64-unknown-linux-gnu",
        ),
        "keys" => ("对方 issuer keys 的输出", "What issuer keys prints there"),
        "list" => ("名单文件", "The file of the list"),
        "households" => ("多少户，每户一人", "How many households, of one person each"),
        "issuer" => (
            "正在服务的 issuer 地址，可给几个",
            "The address of an issuer that is served; several are shared among the gates",
        ),
        "compound_count" => ("多少个小区", "How many compounds"),
        "gate_count" => ("多少个卡点", "How many gates"),
        "passages" => ("一天多少次通行", "How many passages the day has"),
        "at_once" => ("同时上报的卡点数", "How many gates report at once"),
        "troubles" => (
            "只列出卡点上报中需要核查的：缺失、分叉、改写、离线时漏过的",
            "List what to look into in what gates reported: gaps, forks, rewritten events, what slipped through while they were apart",
        ),
        "address" => (
            "卡点用它连到本社区，如 http://10.0.0.9:7380",
            "Where the gate reaches this office, such as http://10.0.0.9:7380",
        ),
        "public_address" => (
            "手机能打开的网址，如 https://pass.example.org；写空则不用",
            "Where phones reach the pages, such as https://pass.example.org; empty for nowhere",
        ),
        _ => ("", ""),
    };
    language.choose(zh, en)
}

/// What a command tells a person, on standard error, while or after it works.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// Rows of a workbook are being read.
    Reading,
    /// Passes are being signed.
    Signing,
    /// Cards are being laid out.
    LayingOut,
    /// How an import ended.
    Imported {
        /// Rows that were new.
        added: u64,
        /// Rows that changed something.
        changed: u64,
        /// Rows that stood there already.
        unchanged: u64,
        /// Rows left out, each of them named above.
        skipped: u64,
    },
    /// A roster was exported.
    Exported {
        /// Residents and vehicles in it.
        count: usize,
        /// The file.
        path: &'a Path,
    },
    /// A template was written.
    TemplateWritten {
        /// The file.
        path: &'a Path,
    },
    /// The name of a file to write doesn't say what kind it shall be.
    NoKindOfTable {
        /// The file.
        path: &'a Path,
    },
    /// How signing ended.
    Signed {
        /// Passes signed.
        count: usize,
    },
    /// A sheet was written.
    Printed {
        /// Cards on it.
        cards: usize,
        /// Its pages.
        pages: usize,
        /// The file.
        path: &'a Path,
    },
    /// No pass is there to be printed.
    NothingToPrint,
    /// Characters that no font of this system has.
    MissingGlyphs {
        /// Whose card.
        name: &'a str,
        /// The characters.
        characters: &'a str,
    },
    /// A bundle was written.
    Bundled {
        /// The compound.
        compound: &'a str,
        /// The file.
        path: &'a Path,
    },
    /// A bundle has people for these gates.
    Sealed {
        /// Residents and vehicles.
        residents: usize,
        /// The gates.
        gates: &'a str,
    },
    /// A gate is invited.
    Invited {
        /// Its name.
        gate: &'a str,
        /// The code, to be typed.
        code: &'a str,
        /// How long it lasts.
        minutes: i64,
    },
    /// A stick was signed.
    StickSigned {
        /// Where it is.
        folder: &'a Path,
    },
    /// A stick was signed that the packages do not mount by themselves.
    StickForeign,
    /// What office and gates had for each other went over a stick.
    StickDone {
        /// Gates, and how many reports of each.
        taken: &'a str,
        /// Compounds.
        given: &'a str,
        /// Files that were left.
        left: &'a str,
    },
    /// No office has signed the stick.
    StickNotSigned,
    /// The stick is mounted so that what lies on it could be run.
    StickCareless,
    /// The office signs by a new key.
    KeyRotated {
        /// Its id.
        id: &'a str,
    },
    /// A key was pulled.
    KeyPulled {
        /// Its id.
        id: &'a str,
    },
    /// A key was added.
    KeyAdded {
        /// Its id.
        id: &'a str,
        /// The list, for the other office.
        list: &'a Path,
    },
    /// A list was taken over.
    TrustTaken {
        /// Its version.
        version: u64,
    },
    /// The key in the file is not the root's.
    OtherRootKey,
    /// No key of the list has this id.
    NoSuchKey,
    /// The office signs by that key.
    OwnKey,
    /// The key is in the list.
    KeyKnown,
    /// The list is not newer.
    TrustNotNewer,
    /// No gate can ask at this address.
    NoAddress,
    /// The gate belongs to another compound.
    GateElsewhere {
        /// Its name.
        gate: &'a str,
    },
    /// A gate is known.
    GateAdded {
        /// Its name.
        gate: &'a str,
        /// The fingerprint of its key.
        fingerprint: &'a str,
    },
    /// There is no such gate.
    NoGate {
        /// What was asked for.
        name: &'a str,
        /// Those that exist.
        others: &'a str,
    },
    /// Gates of several compounds were named for one bundle.
    GatesOfTwoCompounds,
    /// What was given is no gate's key.
    NoGateKey,
    /// The issuer key may not sign people.
    PeopleNotCovered,
    /// More people than a gate takes.
    TooMuch {
        /// What there is too much of.
        what: &'a str,
    },
    /// Something of this name is gone.
    Removed {
        /// The name.
        name: &'a str,
    },
    /// A PIN is told, once.
    PinOnce,
    /// A PIN is asked for.
    AskPin,
    /// The same once more.
    AskPinAgain,
    /// The two were not the same.
    PinsDiffer,
    /// It can't be a PIN.
    NoPin,
    /// It can't be a name.
    NoName,
    /// The name is taken.
    Taken {
        /// By whom.
        by: &'a str,
    },
    /// There is nobody of this name.
    Nobody {
        /// The name.
        name: &'a str,
    },
    /// It finds nobody, or several.
    NotOne {
        /// What was looked for.
        who: &'a str,
        /// Those found, one in each line.
        found: &'a str,
    },
    /// A duty that ends before it begins.
    DutyBackwards,
    /// A time that the compound's clocks never show, or that no calendar has.
    NoSuchTime,
    /// Lines were put on the roster, or taken off it.
    DutyLines {
        /// How many.
        count: u64,
    },
    /// An exemption was decided; gates learn it with the next bundle.
    Exempted {
        /// The resident, masked.
        name: &'a str,
    },
    /// The rules of a compound were changed.
    RulesSet {
        /// The compound.
        compound: &'a str,
    },
    /// The rules of a compound are these already.
    RulesSame {
        /// The compound.
        compound: &'a str,
    },
    /// There is no such version of a compound's rules.
    NoRulesVersion {
        /// The compound.
        compound: &'a str,
        /// What was asked for.
        version: u32,
    },
    /// Nobody has decided the rules of a compound yet.
    RulesUndecided {
        /// The compound.
        compound: &'a str,
    },
    /// A version of rules, as the head of what it changed.
    RulesVersion {
        /// Its number.
        version: u32,
        /// Since when, in the compound's time; empty where nobody knows.
        at: &'a str,
        /// Who decided it; empty where nobody knows.
        who: &'a str,
        /// Why; empty where nobody said.
        why: &'a str,
    },
    /// A file of rules can't be used.
    RulesRefused {
        /// Why.
        why: &'a str,
    },
    /// A journal can't be read.
    JournalRefused {
        /// Why.
        why: &'a str,
    },
    /// What should be a time is none.
    NoTime {
        /// What was given.
        text: &'a str,
    },
    /// No such compound.
    NoCompound {
        /// What was asked for.
        name: &'a str,
        /// Those that exist.
        others: &'a str,
    },
    /// The compound's number is not one the issuer key may sign for.
    CompoundNotCovered {
        /// The compound.
        name: &'a str,
        /// Its number.
        number: u32,
    },
    /// The key ends before a pass would.
    KeyEnds,
    /// The server is up.
    Listening {
        /// Where.
        address: &'a str,
    },
    /// The address can't be had.
    CannotListen {
        /// Which.
        address: &'a str,
        /// Why.
        why: &'a str,
    },
    /// Nobody can sign in to the pages yet.
    NoAccounts,
    /// The office's own pages are not served here.
    PhonesOnly,
    /// The keys need a passphrase that is not at hand.
    KeysLocked,
    /// A password is told, once.
    PasswordOnce,
    /// `keygen` has not been run.
    NoKeys {
        /// The data folder.
        folder: &'a Path,
    },
    /// A file could not be written.
    CannotWrite {
        /// The file.
        path: &'a Path,
        /// Why.
        why: &'a str,
    },
}

impl Message<'_> {
    /// The text, on one line.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        match self {
            Self::Reading => language.choose("读取名册".into(), "Reading the roster".into()),
            Self::Signing => language.choose("签发".into(), "Signing".into()),
            Self::LayingOut => language.choose("排版".into(), "Laying out".into()),
            Self::Imported { added, changed, unchanged, skipped } => language.choose(
                format!("新增 {added}，变更 {changed}，未变 {unchanged}，跳过 {skipped}（见上）。"),
                format!("{added} added, {changed} changed, {unchanged} unchanged, {skipped} skipped (named above)."),
            ),
            Self::Exported { count, path } => {
                let path = path.display();
                language.choose(
                    format!("已导出 {count} 人（车）：{path}。文件含姓名全名和电话，请妥善保管，用后删除。"),
                    format!("{count} residents and vehicles: {path}. It holds full names and phone numbers: keep it safe, delete it after use."),
                )
            }
            Self::TemplateWritten { path } => {
                let path = path.display();
                language.choose(
                    format!("模板：{path}。填好后用 issuer import 导入。"),
                    format!("The template: {path}. Fill it in and import it with issuer import."),
                )
            }
            Self::NoKindOfTable { path } => {
                let path = path.display();
                language.choose(
                    format!("{path}：文件名须以 .xlsx 或 .csv 结尾。"),
                    format!("{path}: the name of the file must end in .xlsx or .csv."),
                )
            }
            Self::Signed { count: 0 } => {
                language.choose("没有需要签发的通行证。".into(), "Nobody needs a pass.".into())
            }
            Self::Signed { count } => {
                language.choose(format!("已签发 {count} 张通行证。"), format!("{count} passes signed."))
            }
            Self::Printed { cards, pages, path } => {
                let path = path.display();
                language.choose(
                    format!("{cards} 张卡，{pages} 页 A4：{path}"),
                    format!("{cards} cards on {pages} A4 pages: {path}"),
                )
            }
            Self::NothingToPrint => language.choose(
                "没有可打印的通行证。请先运行 issuer sign。".into(),
                "There is no pass to print. Run issuer sign first.".into(),
            ),
            Self::MissingGlyphs { name, characters } => language.choose(
                format!("字体缺字：{name} 的卡上印不出“{characters}”。请安装 fonts-noto-cjk，或用 SANSE_FONT 指定字体。"),
                format!(
                    "No font here has the characters “{characters}” of {name}'s card. Install fonts-noto-cjk, or name a \
                     font in SANSE_FONT."
                ),
            ),
            Self::Bundled { compound, path } => {
                let path = path.display();
                language.choose(
                    format!("{compound} 的数据包：{path}。在卡点运行 kiosk load {path}"),
                    format!("The bundle of {compound}: {path}. At the gate, run kiosk load {path}"),
                )
            }
            Self::Sealed { residents, gates } => language.choose(
                format!("其中 {residents} 位居民和车辆的资料，只有这些卡点能解开：{gates}"),
                format!("In it, {residents} residents and vehicles, whom these gates alone can read: {gates}"),
            ),
            Self::Invited { gate, code, minutes } => language.choose(
                format!("已邀请卡点 {gate}，{minutes} 分钟内有效，只能用一次。可在卡点输入：{code}\n二维码内容："),
                format!(
                    "The gate {gate} is invited, once, for {minutes} minutes. To be typed there: {code}\nWhat the code for its camera says:"
                ),
            ),
            Self::StickSigned { folder } => language.choose(
                format!("已签名：{}。卡点从此认这个 U 盘。", folder.display()),
                format!("Signed: {}. Gates take this stick from now on.", folder.display()),
            ),
            Self::StickForeign => language
                .choose(
                    "注意：这个 U 盘不是 FAT 或 exFAT 格式，插上后卡点和社区都不会自动交换，要手工挂载并运行 issuer stick visit 和 kiosk stick。建议格式化成 FAT32 或 exFAT，再签名一次。",
                    "Beware: this stick is not formatted as FAT or exFAT. Plugging it in does nothing by itself: it has to be mounted by hand, for \
                     issuer stick visit and kiosk stick. Better format it as FAT32 or exFAT and sign it again.",
                )
                .to_owned(),
            Self::StickDone { taken, given, left } => {
                let none = language.choose("无", "none");
                let or_none = |text: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
                let told = language.choose(
                    format!("完成，可以拔出 U 盘。收下报告：{}。写入小区：{}。", or_none(taken), or_none(given)),
                    format!("Done, the stick can be pulled. Reports taken in: {}. Written for: {}.", or_none(taken), or_none(given)),
                );
                match (left.is_empty(), language) {
                    (true, _) => told,
                    (false, Language::Zh) => format!("{told}不认识、没有动的文件：{left}。"),
                    (false, Language::En) => format!("{told} Not known, and left alone: {left}."),
                }
            }
            Self::StickNotSigned => language
                .choose(
                    "这个 U 盘没有签名，没有读写任何内容。请先运行 issuer stick prepare。",
                    "This stick is not signed: nothing was read or written. Run issuer stick prepare first.",
                )
                .to_owned(),
            Self::StickCareless => language
                .choose(
                    "这个 U 盘的挂载方式不安全，没有读写任何内容。请用 nodev,nosuid,noexec 挂载。",
                    "This stick is mounted carelessly: nothing was read or written. Mount it with nodev,nosuid,noexec.",
                )
                .to_owned(),
            Self::KeyRotated { id } => language.choose(
                format!("现在用新密钥 {id} 签发。旧密钥签的照常有效。请重新启动 issuer serve，并备份数据目录里的密钥；在线卡点会自动更新。"),
                format!(
                    "The office signs by the new key {id}. What the old one signed holds on. Start issuer serve anew, and back up the keys in \
                     the data folder; gates that are online take the new list by themselves."
                ),
            ),
            Self::KeyPulled { id } => language.choose(
                format!("密钥 {id} 已撤下：名单到达哪个卡点，它签过的在哪里就不再有效。"),
                format!("The key {id} is pulled: at every gate that the new list reaches, nothing that it signed holds any more."),
            ),
            Self::KeyAdded { id, list } => language.choose(
                format!("密钥 {id} 已加入名单。请把 {} 交给那个社区，在那里运行 issuer trust take。", list.display()),
                format!("The key {id} is in the list. Give {} to that office, and run issuer trust take there.", list.display()),
            ),
            Self::TrustTaken { version } => {
                language.choose(format!("已接收名单，版本 {version}。"), format!("Taken over: version {version} of the list."))
            }
            Self::OtherRootKey => language
                .choose("这不是本名单的根私钥。没有改动任何内容。", "That is not the private root key of this list. Nothing was changed.")
                .to_owned(),
            Self::NoSuchKey => language
                .choose(
                    "没有（唯一的）这把密钥，或名单里没有本社区的密钥。没有改动任何内容。",
                    "There is no one key of that id, or the list lacks this office's. Nothing was changed.",
                )
                .to_owned(),
            Self::OwnKey => language
                .choose(
                    "这是本社区现用的密钥：请先运行 issuer trust rotate。没有改动任何内容。",
                    "This office signs by that key: run issuer trust rotate first. Nothing was changed.",
                )
                .to_owned(),
            Self::KeyKnown => language
                .choose("这把密钥已在名单上。没有改动任何内容。", "That key is in the list already. Nothing was changed.")
                .to_owned(),
            Self::TrustNotNewer => language
                .choose("这份名单不比现有的新。没有改动任何内容。", "That list is not newer than the one held. Nothing was changed.")
                .to_owned(),
            Self::NoAddress => language
                .choose("地址不对：请写成 http://10.0.0.9:7380 或 https://名称。", "That is no address: write it like http://10.0.0.9:7380 or https://name.")
                .to_owned(),
            Self::GateElsewhere { gate } => language.choose(
                format!("卡点 {gate} 属于另一个小区，请换一个名称。"),
                format!("The gate {gate} belongs to another compound: choose another name."),
            ),
            Self::GateAdded { gate, fingerprint } => language.choose(
                format!("已登记卡点 {gate}。请与卡点屏幕核对指纹：\n{fingerprint}"),
                format!("The gate {gate} is known. Compare the fingerprint with the one at the gate:\n{fingerprint}"),
            ),
            Self::NoGate { name, others } => language.choose(
                format!("没有卡点“{name}”。现有：{others}。用 issuer gate add 登记。"),
                format!("There is no gate “{name}”. There are: {others}. Make it known with issuer gate add."),
            ),
            Self::GatesOfTwoCompounds => language.choose(
                "一个数据包只能给同一小区的卡点。请分开写。".into(),
                "One bundle is for gates of one compound. Write one for each.".into(),
            ),
            Self::NoGateKey => language.choose(
                "这不是卡点的公钥。请在卡点运行 kiosk key，把输出的一行给 --key。".into(),
                "This is no gate's public key. Run kiosk key at the gate and give the line it prints to --key.".into(),
            ),
            Self::PeopleNotCovered => language.choose(
                "签发密钥无权签人员资料：信任清单是旧版程序签的。请用根密钥重新签信任清单。".into(),
                "The issuer key may not sign people: an older program made its trust list. Sign a new trust list with the root \
                 key."
                    .into(),
            ),
            Self::TooMuch { what } => {
                language.choose(format!("超出卡点的容量：{what}"), format!("More than a gate takes: {what}"))
            }
            Self::Removed { name } => language.choose(format!("已删除 {name}。"), format!("{name} is removed.")),
            Self::PinOnce => language.choose(
                "请把 PIN 当面告诉本人。它不再显示；忘了就删除后重新添加。".into(),
                "Tell them the PIN in person. It is not shown again; when it is forgotten, remove and add them anew.".into(),
            ),
            Self::AskPin => language.choose(
                "请本人输入 PIN（4 到 8 位数字；直接回车则自动生成）：".into(),
                "Let them type their PIN (4 to 8 digits; empty: one is made): ".into(),
            ),
            Self::AskPinAgain => language.choose("再输入一次：".into(), "Once more: ".into()),
            Self::PinsDiffer => {
                language.choose("两次输入不一致，请重来。".into(), "The two are not the same. Try again.".into())
            }
            Self::NoPin => language.choose(
                "要 4 到 8 位数字，不能全相同，也不能是连号。".into(),
                "It takes 4 to 8 digits, not all the same and not in a row.".into(),
            ),
            Self::NoName => language.choose(
                "名称要 1 到 64 个字节（约 21 个汉字）。".into(),
                "A name has 1 to 64 bytes.".into(),
            ),
            Self::Taken { by } => language.choose(
                format!("已被使用：{by}。请换一个，或先删除原来的。"),
                format!("It is taken by {by}. Take another, or remove that one first."),
            ),
            Self::Nobody { name } => {
                language.choose(format!("这里没有 {name}。"), format!("There is nothing here by the name of {name}."))
            }
            Self::NotOne { who, found: "" } => {
                language.choose(format!("找不到“{who}”。"), format!("“{who}” finds nobody."))
            }
            Self::NotOne { who, found } => language.choose(
                format!("“{who}”不止一个，请用短码：\n{found}"),
                format!("“{who}” is not one alone; name the short code:\n{found}"),
            ),
            Self::DutyBackwards => {
                language.choose("结束要晚于开始。".into(), "The end must come after the start.".into())
            }
            Self::NoSuchTime => language.choose(
                "小区所在时区没有这个时刻。".into(),
                "There is no such time in the compound's zone.".into(),
            ),
            Self::DutyLines { count } => {
                language.choose(format!("排班表：{count} 行。"), format!("The roster: {count} lines."))
            }
            Self::Exempted { name } => language.choose(
                format!("已记下 {name} 的豁免，下一个数据包送到卡点后生效。"),
                format!("Noted for {name}. It holds at a gate from the next bundle on."),
            ),
            Self::RulesSet { compound } => language.choose(
                format!("{compound} 的规则已更改，下一个数据包起生效（issuer bundle）。"),
                format!("The rules of {compound} were changed. They hold from the next bundle on (issuer bundle)."),
            ),
            Self::RulesSame { compound } => language.choose(
                format!("{compound} 现在就是这套规则，没有改动。"),
                format!("These are the rules of {compound} already. Nothing was changed."),
            ),
            Self::NoRulesVersion { compound, version } => language.choose(
                format!("{compound} 的规则没有第 {version} 版。请看 issuer rules history --compound {compound}"),
                format!("The rules of {compound} have no version {version}. See issuer rules history --compound {compound}"),
            ),
            Self::RulesUndecided { compound } => language.choose(
                format!("{compound} 还没有定过规则，用的是起始规则。请用 issuer rules set 定。"),
                format!(
                    "Nobody has decided the rules of {compound} yet; it has those to start with. Decide with issuer rules set."
                ),
            ),
            Self::RulesVersion { version, at, who, why } => {
                let unknown = language.choose("不详", "not known");
                let at = if at.is_empty() { unknown } else { at };
                let who = if who.is_empty() { unknown } else { who };
                let colon = if why.is_empty() { "" } else { language.choose("：", ": ") };
                language.choose(
                    format!("第 {version} 版  {at}  {who}{colon}{why}"),
                    format!("Version {version}  {at}  {who}{colon}{why}"),
                )
            }
            Self::RulesRefused { why } => language.choose(
                format!("这套规则不能用：{why}。请照 issuer rules show 的样子写。"),
                format!("These rules can't be used: {why}. Write them as issuer rules show does."),
            ),
            Self::JournalRefused { why } => language.choose(
                format!("读不了这个日志：{why}。请在卡点运行 kiosk log export --format cbor --out 文件"),
                format!("This journal can't be read: {why}. At the gate, run kiosk log export --format cbor --out FILE"),
            ),
            Self::NoTime { text } => language.choose(
                format!("“{text}”不是时间。请写成 2020-02-18 或 2020-02-18T10:00。"),
                format!("“{text}” is no time. Write 2020-02-18 or 2020-02-18T10:00."),
            ),
            Self::NoCompound { name, others: "" } => language.choose(
                format!("没有小区“{name}”。请先用 issuer import 导入名册。"),
                format!("There is no compound “{name}”. Import a roster first, with issuer import."),
            ),
            Self::NoCompound { name, others } => language.choose(
                format!("没有小区“{name}”。现有：{others}。"),
                format!("There is no compound “{name}”. There are: {others}."),
            ),
            Self::CompoundNotCovered { name, number } => language.choose(
                format!("小区“{name}”的编号 {number} 不在签发密钥的范围内。请用根密钥重新签信任清单。"),
                format!(
                    "The number {number} of the compound “{name}” is not among those the issuer key may sign for. \
                     Sign a new trust list with the root key."
                ),
            ),
            Self::KeyEnds => language.choose(
                "签发密钥即将到期，通行证不能超过它的有效期。请用 issuer keygen 建立新密钥。".into(),
                "The issuer key is about to end, and no pass may outlive it. Make new keys with issuer keygen.".into(),
            ),
            Self::Listening { address } => {
                language.choose(format!("网页：{address}/"), format!("Serving at {address}/"))
            }
            Self::CannotListen { address, why } => language.choose(
                format!("无法监听 {address}：{why}。请用 --listen 换一个地址或端口。"),
                format!("Can't listen at {address}: {why}. Name another address or port with --listen."),
            ),
            Self::NoAccounts => language.choose(
                "还没有人能登录。请运行：issuer account add 姓名 --role administrator".into(),
                "Nobody can sign in yet. Run: issuer account add NAME --role administrator".into(),
            ),
            Self::PhonesOnly => language.choose(
                "这里只提供给手机看的页面。社区人员的页面要登录，请在本机打开，或给本程序证书（--tls-certificate、--tls-key），或在前面放一个带 TLS 的代理并加上 --behind-tls。".into(),
                "Only the pages for phones are served here. The office's own pages take a sign-in: open them on this machine, give this \
                 program a certificate (--tls-certificate, --tls-key), or put a proxy with TLS before it and say --behind-tls."
                    .into(),
            ),
            Self::KeysLocked => language.choose(
                "密钥有口令保护，而口令没有给出（SANSE_PASSPHRASE）：页面可以查看，但不能签发。".into(),
                "The keys are under a passphrase that was not given (SANSE_PASSPHRASE): the pages show, and sign nothing."
                    .into(),
            ),
            Self::PasswordOnce => language.choose(
                "请把密码当面告诉本人。它不再显示；本人首次登录时须修改。".into(),
                "Tell them the password in person. It is not shown again; it has to be changed at the first sign-in."
                    .into(),
            ),
            Self::NoKeys { folder } => {
                let folder = folder.display();
                language.choose(
                    format!("{folder} 里还没有密钥。请先运行 issuer keygen --data {folder}"),
                    format!("There are no keys in {folder} yet. Run issuer keygen --data {folder} first"),
                )
            }
            Self::CannotWrite { path, why } => {
                let path = path.display();
                language.choose(format!("无法写入 {path}：{why}"), format!("Can't write {path}: {why}"))
            }
        }
    }
}
