//! Gates, staff, duties and exemptions by the command line, up to a bundle that one gate alone can read.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::path::Path;
use std::process::{Command, Output};

use gate::{ExemptionKind, Role};
use pass::{Colour, JwkSet, Kind};
use protocol::{Bundle, HighWater, Pin, ReceiverKey};

fn issuer(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_issuer"));
    command.args(arguments).arg("--data").arg(data).env("SANSE_LANG", "en").env_remove("SANSE_PASSPHRASE");
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

/// Standard output of a command that must succeed.
fn told(data: &Path, arguments: &[&str]) -> String {
    let output = issuer(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a command that must fail.
fn refused(data: &Path, arguments: &[&str]) -> String {
    let output = issuer(data, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn from_the_command_line_to_one_gate() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let roster = data.join("roster.csv");
    std::fs::write(
        &roster,
        "小区,楼栋,单元,房号,姓名,电话,车牌,颜色\n\
         翠湖小区,3,2,501,张小明,13800000001,鄂A12345,绿\n\
         翠湖小区,3,2,502,仇英,,,红\n\
         月季苑,1,1,101,王五,,,黄\n",
    )
    .unwrap();
    told(data, &["keygen"]);
    told(data, &["import", roster.to_str().unwrap()]);
    told(data, &["sign"]);
    let keys: JwkSet = serde_json::from_str(&told(data, &["keys"])).unwrap();
    let root = keys.keys.iter().find(|key| key.role.as_deref() == Some("root")).unwrap();
    let root = root.public_key().unwrap();

    let east = ReceiverKey::from_bytes(&[1; 32]);
    let west = ReceiverKey::from_bytes(&[2; 32]);
    let at = ["--compound", "翠湖小区"];
    let with = |first: &[&str]| told(data, &[first, &at].concat());
    with(&["gate", "add", "东门", "--key", &east.receiver().text()]);
    with(&["gate", "add", "西门", "--key", &serde_json::to_string(&west.receiver().jwk()).unwrap()]);
    assert!(
        refused(data, &[&["gate", "add", "南门", "--key", "nonsense"][..], &at].concat())
            .contains("kiosk key")
    );
    let taken =
        refused(data, &[&["gate", "add", "南门", "--key", &east.receiver().text()][..], &at].concat());
    assert!(taken.contains("东门"), "{taken}");
    let gates = told(data, &["gates"]);
    assert!(gates.contains(&format!("东门\t翠湖小区\t{}", east.receiver().fingerprint())), "{gates}");

    // Without a terminal a PIN is made, and told once.
    let line = with(&["staff", "add", "李师傅"]);
    let pin = Pin::typed(line.trim_end().rsplit('\t').next().unwrap()).unwrap();
    with(&["staff", "add", "王主管", "--role", "supervisor", "--make-pin"]);
    assert!(refused(data, &[&["staff", "add", "李师傅"][..], &at].concat()).contains("李师傅"));
    assert_eq!(with(&["staff", "list"]), "李师傅\tguard\n王主管\tsupervisor\n");
    let day = ["--from", "2120-03-01T08:00", "--until", "2120-03-01T20:00", "--repeat", "3"];
    with(&[&["duty", "add", "李师傅"][..], &day].concat());
    assert!(with(&["duty", "list"]).starts_with("2120-03-01T08:00\t2120-03-01T20:00\t李师傅\t\n2120-03-02"));
    let backwards = ["--from", "2120-03-01T08:00", "--until", "2120-03-01T08:00"];
    refused(data, &[&["duty", "add", "李师傅"][..], &backwards, &at].concat());

    with(&["exempt", "add", "仇英", "--kind", "medical", "--quota"]);
    with(&["exempt", "add", "3-2-502", "--kind", "commuter", "--last-day", "2120-03-31"]);
    with(&["exempt", "add", "3-2-502", "--kind", "medical", "--last-day", "2000-01-01"]);
    let several = refused(data, &[&["exempt", "add", "3-2-501", "--kind", "medical"][..], &at].concat());
    assert!(several.contains("张*明") && !several.contains("张小明"), "{several}");
    assert!(with(&["exempt", "list"]).contains("3-2-502\t仇*\tcommuter\tquota hours\t2120-04-01T00:00"));

    let out = data.join("gate.bundle");
    let bundle = ["bundle", "--gate", "东门", "--gate", "西门", "--out", out.to_str().unwrap()];
    told(data, &bundle);
    let bytes = std::fs::read(&out).unwrap();
    let read = Bundle::from_bytes(&bytes).unwrap();
    assert_eq!(read.people.len(), 2);
    for name in ["张", "李师傅", "鄂A12345"] {
        assert!(!bytes.windows(name.len()).any(|window| window == name.as_bytes()), "{name} can be read");
    }
    let none = HighWater::default();
    assert_eq!(read.open(&root, None, &none).unwrap().people, None);
    for key in [&east, &west] {
        let opened = read.open(&root, Some(key), &none).unwrap();
        let signed = opened.people.as_ref().unwrap();
        let people = signed.people();
        assert_eq!(people.residents.len(), 3, "another compound's are not for this gate");
        let by_name = |name: &str| people.residents.iter().find(|one| one.name.as_str() == name).unwrap();
        let zhang = by_name("张*明");
        assert_eq!((zhang.room.as_str(), zhang.initials[0].as_str()), ("501", "zxm"));
        assert_eq!(
            (by_name("鄂A12345").kind, by_name("鄂A12345").household),
            (Kind::Vehicle, zhang.household)
        );
        let qiu = by_name("仇*");
        assert_eq!(qiu.initials, ["qy", "cy"]);
        let exempt: Vec<_> = qiu.exemptions.iter().map(|exemption| exemption.kind).collect();
        assert_eq!(exempt, [ExemptionKind::Commuter], "what has ended is left out");
        let pass = signed.pass(qiu, &qiu.cards[0]).unwrap();
        assert_eq!((pass.colour, pass.name.as_str()), (Colour::Red, "仇*"));
        assert_eq!((people.staff[0].role, people.staff[1].role), (Role::Guard, Role::Supervisor));
        assert!(people.staff[0].pin.is_of(&pin));
        assert_eq!(people.roster.len(), 3);
    }

    let mixed = ["gate", "add", "北门", "--key", &ReceiverKey::from_bytes(&[3; 32]).receiver().text()];
    told(data, &[&mixed[..], &["--compound", "月季苑"]].concat());
    let two = ["bundle", "--gate", "东门", "--gate", "北门", "--out", out.to_str().unwrap()];
    refused(data, &two);
    told(data, &["gate", "remove", "西门"]);
    assert!(refused(data, &bundle).contains("西门"));
}
