//! What a street office gives out in a few days, in one run: 6,000 cards signed and laid out, ten to a sheet. Beside it a
//! plain ReportLab document of the same cards, its codes ready made and only drawn.
//!
//! `cargo bench -p issuer --bench print`. Each side runs in a process of its own, so that its peak memory is its own. Needs
//! `python3` with `venv` for ReportLab, and a TrueType font for it (it embeds no other): fonts-wqy-microhei. Without them it
//! says so, and gives our figures alone.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use issuer::print::{CardFace, Dwelling, Fonts, FoundAt, Job, Progress, Sheet, SheetSize, Validity, print};
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use pass::{Colour, CompoundId, Kind, Mode, Name, Pass, Serial, SigningKey, Timestamp};
use serde_json::{Value, json};

const CARDS: u32 = 6_000;
const OURS: &str = "--ours";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("print-bench");
    fs::create_dir_all(&folder)?;
    if arguments.iter().any(|argument| argument == OURS) {
        return ours(&folder);
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        // Built and started by a test run: a benchmark of several seconds has no place there.
        return Ok(());
    }

    let mut figures =
        json!({ "cards": CARDS, "sanse": child(Command::new(std::env::current_exe()?).arg(OURS))? });
    let pdf = |name: &str| folder.join(name);
    figures["sanse"]["bytes"] = fs::metadata(pdf("sanse.pdf"))?.len().into();
    match reportlab(&folder) {
        Ok(other) => {
            figures["reportlab"] = other;
            figures["reportlab"]["bytes"] = fs::metadata(pdf("reportlab.pdf"))?.len().into();
        }
        Err(why) => eprintln!("no comparison with ReportLab: {why}"),
    }
    report(&figures);
    println!("{figures}");
    Ok(())
}

fn report(figures: &Value) {
    let of = |side: &str, key: &str| figures[side][key].as_f64().unwrap_or(f64::NAN);
    println!("{:<12}{:>10}{:>10}{:>12}{:>12}", "", "seconds", "of CPU", "memory MB", "file MB");
    for side in ["sanse", "reportlab"] {
        let [seconds, cpu, memory, bytes] = ["seconds", "cpu", "memory", "bytes"].map(|key| of(side, key));
        println!("{side:<12}{seconds:>10.2}{cpu:>10.2}{:>12.1}{:>12.1}", memory / 1e6, bytes / 1e6);
    }
    let [seconds, cpu, memory, bytes] =
        ["seconds", "cpu", "memory", "bytes"].map(|key| of("sanse", key) / of("reportlab", key));
    println!("{:<12}{seconds:>10.2}{cpu:>10.2}{memory:>12.2}{bytes:>12.2}", "ratio");
    println!("of ours, signing {:.2} s, fonts {:.2} s", of("sanse", "signing"), of("sanse", "fonts"));
}

/// Finds fonts, signs, lays out and writes; says on standard output what that took.
fn ours(folder: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut fonts = Fonts::find(None)?;
    let found = start.elapsed();
    let key = SigningKey::from_seed(&[6; 32]);
    let mut signing = std::time::Duration::ZERO;
    // Signed as they are drawn, as `issuer print` does: no list of 6,000 signed texts is ever held.
    let sheets = (0..CARDS / 10).map(|sheet| {
        let start = Instant::now();
        let cards = (sheet * 10..sheet * 10 + 10).map(|number| face(number, &key)).collect();
        signing += start.elapsed();
        Sheet { number: Some(sheet + 1), cards }
    });
    let mut out = BufWriter::new(File::create(folder.join("sanse.pdf"))?);
    let job = Job { sheet: SheetSize::Ten, backs: false, printed: date(2020, 2, 10).at(9, 0, 0, 0) };
    let printed = print(sheets, job, &mut fonts, &mut out, |_: Progress| ())?;
    assert_eq!((printed.cards, printed.missing.len()), (CARDS as usize, 0));
    let seconds = start.elapsed().as_secs_f64();
    let (signing, found) = (signing.as_secs_f64(), found.as_secs_f64());
    let (cpu, memory) = (cpu_seconds()?, peak_memory()?);
    println!(
        "{}",
        json!({ "seconds": seconds, "cpu": cpu, "signing": signing, "fonts": found, "memory": memory })
    );
    Ok(())
}

fn face(number: u32, key: &SigningKey) -> CardFace {
    const FAMILIES: [&str; 8] = ["张", "李", "王", "刘", "陈", "杨", "欧阳", "赵"];
    const GIVEN: [&str; 9] = ["明", "华", "丽", "军", "燕", "芳", "伟", "娜", "磊"];
    let pick = |list: &[&'static str], by: u32| list[(by as usize) % list.len()];
    let kind = if number % 6 == 5 { Kind::Vehicle } else { Kind::Person };
    let name = match kind {
        Kind::Vehicle => format!("冀A·{:05}", number * 7 % 100_000),
        _ => format!("{}*{}", pick(&FAMILIES, number), pick(&GIVEN, number / 3)),
    };
    let colour = [Colour::Green, Colour::Green, Colour::Yellow, Colour::Red][(number % 4) as usize];
    let [_, b, c, d] = number.wrapping_mul(2_654_435_761).to_be_bytes();
    let serial = Serial([1, b, c, d, number.to_le_bytes()[0]]);
    let compound = CompoundId(1 + number / 1_500);
    let (not_before, expires) = (Timestamp(1_581_292_800), Timestamp(1_583_884_799));
    let pass = Pass {
        serial,
        not_before,
        expires,
        compound,
        household: 1 + number / 3,
        holder: u16::try_from(number % 40_000).unwrap_or_default(),
        index: number,
        colour,
        kind,
        mode: Mode::Paper,
        name: Name::new(&name).expect("at most 15 bytes"),
    };
    let signed = pass::sign(pass, key).expect("a pass in range");
    CardFace {
        colour,
        kind,
        compound,
        compound_name: pick(&["锦绣花园小区", "阳光里", "建设路12号院", "槐安东苑"], number / 1_500)
            .to_owned(),
        name,
        dwelling: Some(Dwelling {
            building: (1 + number / 240).to_string(),
            unit: (1 + number / 60 % 4).to_string(),
            room: format!("{}{:02}", 1 + number / 6 % 18, 1 + number % 4),
        }),
        validity: Validity { from: local(not_before), until: local(expires) },
        short_code: serial.short_code(),
        code: signed.text,
        link: None,
        found: FoundAt {
            office: "裕华区建设路街道办事处".to_owned(),
            telephone: "0311-8888 6666".to_owned(),
        },
    }
}

fn local(at: Timestamp) -> DateTime {
    let at = jiff::Timestamp::from_second(at.0).expect("in range");
    TimeZone::fixed(jiff::tz::offset(8)).to_datetime(at)
}

fn reportlab(folder: &Path) -> Result<Value, Box<dyn Error>> {
    const FONT: &str = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";
    if !Path::new(FONT).exists() {
        return Err(format!("{FONT} is missing (apt install fonts-wqy-microhei)").into());
    }
    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    if !python.exists() {
        quiet(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    quiet(Command::new(&python).args(["-m", "pip", "install", "--quiet", "reportlab==5.1.0"]))?;

    let lines = folder.join("cards.jsonl");
    let mut out = BufWriter::new(File::create(&lines)?);
    let key = SigningKey::from_seed(&[6; 32]);
    for number in 0..CARDS {
        let face = face(number, &key);
        let home = face.dwelling.unwrap_or_default();
        let line = json!({
            "colour": face.colour.code(),
            "compound": face.compound_name,
            "word": match face.colour { Colour::Green => "绿", Colour::Yellow => "黄", Colour::Red => "红" },
            "name": face.name,
            "dwelling": format!("{}号楼 {}单元 {}室", home.building, home.unit, home.room),
            "until": face.validity.until.date().to_string(),
            "short_code": face.short_code,
            "found": format!("拾到请交 {} {}", face.found.office, face.found.telephone),
            "rows": rows(&face.code)?,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reportlab_cards.py");
    let mut command = Command::new(&python);
    command.arg(script).arg(FONT).arg(folder.join("reportlab.pdf")).stdin(File::open(&lines)?);
    child(&mut command)
}

/// The modules of a code, `1` for dark.
fn rows(text: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let code = qr::encode(text)?;
    let row = |y| (0..code.width()).map(|x| if code.is_dark(x, y) { '1' } else { '0' }).collect();
    Ok((0..code.width()).map(row).collect())
}

/// Runs a program and reads the line of JSON it prints.
fn child(command: &mut Command) -> Result<Value, Box<dyn Error>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn quiet(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}

/// The most memory this process has held, in bytes (Linux: `VmHWM`).
fn peak_memory() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
    Ok(kilobytes * 1024)
}

/// The time all threads of this process have had of a processor: unlike seconds, it says the same on a busy machine. From
/// `/proc/self/stat`, where Linux counts it in hundredths (`USER_HZ`), the 14th and 15th field of proc(5).
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').ok_or("no name in stat")?.1;
    let ticks: Vec<f64> =
        after_name.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}
