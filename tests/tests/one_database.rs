//! An office whose registry is in PostgreSQL, and several programs that work on it at once.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::collections::HashSet;
use std::process::{Child, Command, Stdio};

use end_to_end::office::{COMPOUND, Office, roster};
use end_to_end::postgres::Postgres;
use end_to_end::programs::run;

/// The name in a database's URL.
fn name_of(url: &str) -> &str {
    url.split_once('?').unwrap().0.rsplit_once('/').unwrap().1
}

/// Starts them all before it waits for any; all must succeed.
fn at_once(commands: impl IntoIterator<Item = Command>) {
    let start = |mut command: Command| {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        (command.spawn().unwrap(), format!("{command:?}"))
    };
    let running: Vec<(Child, String)> = commands.into_iter().map(start).collect();
    for (child, command) in running {
        let output = child.wait_with_output().unwrap();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {}\n{complained}", output.status);
    }
}

#[test]
fn an_office_whose_registry_is_in_postgresql() {
    let server = Postgres::shared();
    let url = server.database();
    let office = Office::in_database(&url);
    office.import(&roster(10));
    office.sign();
    assert_eq!(office.passes().len(), 21);
    assert!(office.bundle().exists() && office.print("ten").exists());
    assert!(
        !office.path("data").join("office.sqlite").exists(),
        "nothing of the registry lies in the data folder"
    );
    assert_eq!(server.sql(name_of(&url), "SELECT COUNT(*) FROM passes WHERE printed IS NOT NULL"), "21");

    // The same by a flag, and what a person reads when the server can't be used.
    let told = |url: &str, language: &str| {
        let mut command = office.issuer(&["passes", "--database", url, "--lang", language]);
        let output = command.env_remove("SANSE_DATABASE").output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(told(&url, "en").0);
    for (url, language, says) in [
        (server.url("office", "wrong secret", name_of(&url)), "en", "refuses office"),
        (server.url("office", "wrong secret", name_of(&url)), "zh", "拒绝用户 office"),
        ("postgres://office:secret@127.0.0.1:1/x".to_owned(), "en", "can't be reached"),
        ("postgres://office:secret@127.0.0.1:1/x".to_owned(), "zh", "连不上"),
        ("oracle://office:secret@host/x".to_owned(), "zh", "不是数据库地址"),
    ] {
        let (success, told) = told(&url, language);
        assert!(!success && told.contains(says) && !told.contains("secret"), "{told}");
    }
}

#[test]
fn several_programs_on_one_database() {
    let server = Postgres::shared();
    let url = server.database();
    let office = Office::in_database(&url);
    let whole = roster(40);
    let path = office.path("whole.csv");
    std::fs::write(&path, &whole).unwrap();
    let whole_path = path.to_str().unwrap();
    let header = whole.lines().next().unwrap();
    let mut own = Vec::new();
    for n in 0..3 {
        let path = office.path(&format!("own-{n}.csv"));
        std::fs::write(&path, format!("{header}\n{COMPOUND},20,1,{n}01,新来人,,,绿\n")).unwrap();
        own.push(path.to_str().unwrap().to_owned());
    }
    let import = |path: &str| office.issuer(&["import", path]);

    // On a database without a table: three with the same roster, three with somebody of their own, two that sign meanwhile.
    let imports = (0..3).map(|_| import(whole_path)).chain(own.iter().map(|path| import(path)));
    let backup = |name: &str| office.issuer(&["backup", office.path(name).to_str().unwrap()]);
    let others = [office.issuer(&["sign"]), office.issuer(&["sign"]), backup("early"), backup("early too")];
    at_once(imports.chain(others));
    at_once((0..4).map(|_| office.issuer(&["sign"])).chain([backup("midst")]));

    let database = name_of(&url);
    let holders = whole.lines().count() - 1 + own.len();
    let count = |what: &str| server.sql(database, &format!("SELECT {what}")).parse::<usize>().unwrap();
    assert_eq!(count("COUNT(*) FROM holders"), holders, "nobody twice, nobody lost");
    assert_eq!(count("COUNT(*) FROM compounds"), 1);
    assert_eq!(count("MAX(number) FROM holders"), holders, "no number twice, none left out");
    let passes = office.passes();
    assert_eq!(passes.len(), holders, "one pass for each");
    let serials: HashSet<_> = passes.iter().map(|pass| pass["serial"].as_str().unwrap()).collect();
    assert_eq!(serials.len(), holders, "no serial twice");
    assert_eq!(count("COUNT(DISTINCT idx) FROM passes"), holders, "no place in the status list twice");
    assert_eq!(count("MAX(idx) + 1 FROM passes"), holders, "none left out");
    assert_eq!(
        count("SUM(CAST(SPLIT_PART(detail, ' ', 1) AS BIGINT)) FROM audit WHERE action = 'sign'"),
        holders
    );

    // Backups that were made meanwhile are whole: each comes back, in another kind of database as well.
    for name in ["early", "early too", "midst"] {
        let elsewhere = Office::new();
        let path = office.path(name);
        let _ = run(&mut elsewhere.issuer(&["restore", path.to_str().unwrap()]));
        elsewhere.import(&whole);
        elsewhere.sign();
        let restored = elsewhere.passes();
        let serials: HashSet<_> = restored.iter().map(|pass| pass["serial"].as_str().unwrap()).collect();
        assert_eq!(serials.len(), restored.len());
        assert!(restored.len() >= whole.lines().count() - 1, "everybody has a pass: {}", restored.len());
    }
    let elsewhere = Office::in_database(&server.database());
    let _ = run(&mut elsewhere.issuer(&["restore", office.path("midst").to_str().unwrap()]));

    // Several decide about the same three cards and people, while two write bundles.
    let codes: Vec<&str> = passes.iter().take(3).map(|pass| pass["short_code"].as_str().unwrap()).collect();
    let decide = |code: &str, colour: &str| {
        office.issuer(&["colour", code, colour, "--compound", COMPOUND, "--why", "x", "--mistaken"])
    };
    let colours = codes.iter().flat_map(|code| ["red", "yellow", "green"].map(|colour| decide(code, colour)));
    let bundle = |name: &str| {
        let out = office.path(name);
        office.issuer(&["bundle", "--compound", COMPOUND, "--out", out.to_str().unwrap()])
    };
    let suspended = office.issuer(&["pass", "suspend", codes[0], "--why", "x"]);
    at_once(colours.chain([suspended, bundle("one"), bundle("two")]));
    let told =
        "FROM passes p JOIN holders h ON h.compound = p.compound AND h.number = p.holder WHERE p.status";
    assert_eq!(count(&format!("COUNT(*) {told} = 0 AND p.colour <> h.colour")), 0, "list and registry agree");
    assert_eq!(count(&format!("COUNT(*) {told} > 3 AND p.colour = h.colour")), 0, "list and registry agree");
    assert_eq!(count(&format!("COUNT(*) {told} = 2")), 1, "no colour lifts a suspension");
    let colours = count("COUNT(*) FROM decisions WHERE serial IS NULL");
    assert_eq!(count("COUNT(*) FROM past_standings"), colours, "each change of colour once");
    assert_eq!(count("COUNT(*) FROM audit WHERE action = 'colour'"), colours);
    assert_ne!(std::fs::read(office.path("one")).unwrap(), std::fs::read(office.path("two")).unwrap());

    // One is killed in the midst of its import: nothing of it is there, and whoever comes after need not wait for it.
    let more = office.path("more.csv");
    std::fs::write(&more, roster(200).replace(COMPOUND, "建设小区")).unwrap();
    let mut killed = import(more.to_str().unwrap());
    let mut killed = killed.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let writing = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL";
    while server.sql(database, writing) == "0" && killed.try_wait().unwrap().is_none() {}
    killed.kill().unwrap();
    killed.wait().unwrap();
    let before = count("COUNT(*) FROM holders");
    let all = roster(200).lines().count() - 1;
    assert!([holders, holders + all].contains(&before), "all of it or nothing: {before}");
    let _ = run(&mut import(more.to_str().unwrap()));
    assert_eq!(count("COUNT(*) FROM holders"), holders + all);
}
