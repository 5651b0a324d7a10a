//! What an office does on its first day, by the real program, a command after the other: 6,000 residents come in from a list, a
//! colour is decided for every one of them by a second list, all get a signed pass, and all are printed on numbered sheets with
//! their backs. Beside it the same signatures bare, and as many plain appends to a file, each synchronised.
//!
//! `cargo bench -p issuer --bench monday`. Says in one line of JSON what each step took, in seconds.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;

const RESIDENTS: u32 = 6_000;
/// Holders that the store signs in one transaction.
const BATCH: u32 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // Built and started by a test run: a benchmark of a minute has no place there.
        return Ok(());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("monday-bench");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (first, second) = (folder.join("first.csv"), folder.join("second.csv"));
    fs::write(&first, roster(0))?;
    fs::write(&second, roster(1))?;
    let sheets = folder.join("sheets.pdf");
    let address = "https://pass.example.org";
    issuer(&folder, &["keygen"])?;
    let registered = issuer(&folder, &["import", text(&first)?])?;
    issuer(&folder, &["office", "set", "--name", "建设路社区居委会", "--public-address", address])?;
    let decided = issuer(&folder, &["import", text(&second)?])?;
    let signed = issuer(&folder, &["sign"])?;
    let printed = issuer(&folder, &["print", "--backs", "--out", text(&sheets)?])?;
    let bytes = fs::metadata(&sheets)?.len();
    let (bare, appended) = (bare_signatures(), appends(&folder.join("plain"))?);
    fs::remove_dir_all(&folder)?;

    for (step, seconds) in [
        ("registered from a list", registered),
        ("colours decided by a list", decided),
        ("signed", signed),
        ("as many bare signatures", bare),
        ("synchronised appends, one for each batch", appended),
        ("printed, with backs", printed),
    ] {
        println!("{step:<44}{seconds:>8.2} s");
    }
    println!(
        "{}",
        json!({
            "residents": RESIDENTS, "registered": registered, "decided": decided, "signed": signed,
            "bare_signatures": bare, "appends": appended, "printed": printed, "bytes": bytes,
        })
    );
    Ok(())
}

/// A list of residents; `turn` gives everybody another colour, but releases nobody from red.
fn roster(turn: u32) -> String {
    let mut csv = String::from("小区,楼栋,单元,房号,姓名,颜色\n");
    for number in 0..RESIDENTS {
        let (building, unit) = (1 + number / 240, 1 + number / 60 % 4);
        let room = format!("{}{:02}", 1 + number / 6 % 10, 1 + number % 6);
        let given = ["明", "华", "丽", "军", "燕", "芳", "伟", "娜", "磊"][(number % 9) as usize];
        let family = ["张", "李", "王", "刘", "陈", "杨", "赵"][(number / 9 % 7) as usize];
        let colour = ["绿", "黄", "红"][(number % 2 + turn) as usize];
        let _ = writeln!(csv, "锦绣花园小区,{building},{unit},{room},{family}{given}{given},{colour}");
    }
    csv
}

/// Runs a command to its end, and says how long that took.
fn issuer(folder: &Path, arguments: &[&str]) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_issuer"))
        .arg("--data")
        .arg(folder.join("office"))
        .args(["--lang", "en"])
        .args(arguments)
        .env("SANSE_PASSPHRASE", "")
        .env_remove("SANSE_DATABASE")
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(start.elapsed().as_secs_f64()) } else { Err(format!("{arguments:?}").into()) }
}

fn bare_signatures() -> f64 {
    let key = SigningKey::from_bytes(&[6; 32]);
    let start = Instant::now();
    for number in 0..RESIDENTS {
        let mut message = [0; 127];
        message[..4].copy_from_slice(&number.to_be_bytes());
        std::hint::black_box(key.sign(&message));
    }
    start.elapsed().as_secs_f64()
}

fn appends(path: &Path) -> Result<f64, Box<dyn Error>> {
    let mut file = File::create(path)?;
    let start = Instant::now();
    for _ in 0..RESIDENTS.div_ceil(BATCH) {
        file.write_all(&vec![0; 400 * BATCH as usize])?;
        file.sync_data()?;
    }
    Ok(start.elapsed().as_secs_f64())
}

fn text(path: &Path) -> Result<&str, Box<dyn Error>> {
    path.to_str().ok_or_else(|| "the folder's name is no UTF-8".into())
}
