//! Workbooks that other people's programs wrote, through the issuer's command line.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use end_to_end::office::Office;
use end_to_end::programs::run;
use end_to_end::python;
use serde_json::{Value, json};

/// A roster as Excel before 2007 kept it, by xlwt: a merged title, merged homes, numbers as numbers, full-width digits, a date.
#[test]
fn an_old_workbook_is_a_roster() {
    let office = Office::new();
    let path = office.path("名册.xls");
    write(
        &path,
        &json!([
            {
                "name": "一期",
                "cells": rows(1, &[
                    json!(["小区", "楼栋", "单元", "房号", "姓名", "联系电话", "颜色（红/黄/绿）", "车牌"]),
                    json!(["和平小区", null, "２单元", 501.0, "张小明", 13_812_345_678_i64, "绿", "鄂A12345"]),
                    json!(["和平小区", null, "２单元", "５０２室", "李红", "", "红", ""]),
                    json!(["和平小区", "4", "1", {"date": [2020, 3, 2]}, "王五", "", "黄", ""]),
                    json!(["和平小区", "4", "1", "101", "赵六", "", "蓝", ""]),
                ]),
                "merged": [[0, 0, 0, 7, "和平小区居民名册"], [2, 3, 1, 1, "3栋"]],
            },
            {"name": "说明", "cells": rows(0, &[json!(["红：居家观察"])])},
        ]),
    );
    let said = import(&office, &path, &["--dry-run"]);
    assert_eq!(
        said,
        [
            "A dry run: nothing was written. 4 rows read: 3 to add, 0 to change, 0 stay as they are; 2 rows would be left out.",
            "Compounds to make: 和平小区.",
            "一期!E3: 和平小区 3-2-501 张*明: new, green",
            "一期!H3: 和平小区 3-2-501 鄂A12345: new, green",
            "一期!E4: 和平小区 3-2-502 李*: new, red",
            "一期!D5: the spreadsheet turned the Room into a date. Format the cell as text and type it again.",
            "一期!G6: \"蓝\" is no colour. Write red, yellow or green.",
            "说明!A1: no headers in the first 30 rows; the sheet was left out.",
        ]
    );
    let said = import(&office, &path, &[]);
    assert_eq!(said[0], "4 rows read: 3 added, 0 changed, 0 unchanged; 2 rows left out.");
    let said = import(&office, &path, &[]);
    assert_eq!(said[0], "4 rows read: 0 added, 0 changed, 3 unchanged; 2 rows left out.");
}

/// A few cells that lie far apart make the reader ask for more memory than its process may have: that process ends, this one says so.
#[test]
fn an_old_workbook_that_asks_for_too_much() {
    let office = Office::new();
    let path = office.path("far.xls");
    let sheet = |n: usize| {
        let cells = json!([[0, 0, "小区"], [65_535, 255, "x"]]);
        json!({"name": format!("{n}"), "cells": cells})
    };
    write(&path, &Value::Array((0..8).map(sheet).collect()));
    assert!(path.metadata().unwrap().len() < 1 << 20, "a bomb is small");
    let output = office.issuer(&["import", path.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.trim(), "the file is too large (at most 32 MB). Split it by compound.");
    assert!(!output.status.success());

    // Cut anywhere, it is an error and nothing else.
    let whole = std::fs::read(&path).unwrap();
    for cut in [8, 600, whole.len() / 2] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let output = office.issuer(&["import", path.to_str().unwrap()]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "cut at {cut}: {said}");
    }
}

/// What the office exports, it can import; nobody but its owner can read the file.
#[test]
fn what_is_exported_is_imported_again() {
    let office = Office::with_roster(
        "小区,楼栋,单元,房号,姓名,电话,颜色,车牌\n和平小区,3,2,501,张小明,13812345678,绿,鄂A12345\n",
    );
    for name in ["居民.xlsx", "居民.csv"] {
        let path = office.path(name);
        let _ = run(&mut office.issuer(&["export", "--out", path.to_str().unwrap()]));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let said = import(&office, &path, &[]);
        assert_eq!(said, ["2 rows read: 0 added, 0 changed, 2 unchanged; 0 rows left out."]);
    }
    let wrong = office.issuer(&["export", "--out", "居民.pdf"]).output().unwrap();
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert_eq!(said.trim(), "居民.pdf: the name of the file must end in .xlsx or .csv.");
}

/// What is over is deleted at once by command, what isn't stays, and nobody deletes the trace of what they did.
#[test]
fn an_office_forgets() {
    let office = Office::with_roster("小区,楼栋,房号,姓名,颜色\n和平小区,3,501,张小明,绿\n");
    let purge = |arguments: &[&str]| office.issuer(&[&["purge"], arguments].concat()).output().unwrap();
    let nothing = purge(&[]);
    assert!(nothing.status.success() && nothing.stdout.is_empty());
    for wrong in ["audit=1", "audit", "residents=1", "duty=-1", "duty=99999999999"] {
        assert!(!purge(&["--keep", wrong]).status.success(), "{wrong}");
    }
    let changed = end_to_end::programs::lines(&purge(&["--keep", "standings=0", "--keep", "passes=60"]));
    assert_eq!(changed[..2], ["passes\t60 days\tpasses that ended", "standings\t0 days\tearlier colours"]);
    office.import("小区,楼栋,房号,姓名,颜色\n和平小区,3,501,张小明,红\n");
    // The colour ended this second; its time is over in the next.
    let deadline = Instant::now() + Duration::from_secs(60);
    let certificate = loop {
        let output = purge(&[]);
        if !output.stdout.is_empty() {
            break end_to_end::programs::lines(&output);
        }
        assert!(Instant::now() < deadline, "nothing was deleted");
    };
    assert!(certificate[3].starts_with("earlier colours: 1, older than "), "{certificate:?}");
    let kept = end_to_end::programs::lines(&purge(&["--certificates"]));
    assert_eq!(kept[..5], certificate[..5]);
}

fn write(path: &Path, sheets: &Value) {
    let _ = python::ask("write_xls.py", &[path], sheets);
}

/// Cells of rows from `first` on; null where there is none.
fn rows(first: usize, rows: &[Value]) -> Value {
    let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
        let cells = cells.as_array().unwrap().iter().enumerate();
        let there = cells.filter(|(_, cell)| !cell.is_null());
        there.map(move |(column, cell)| json!([first + row, column, cell]))
    });
    Value::Array(cells.collect())
}

fn import(office: &Office, path: &Path, options: &[&str]) -> Vec<String> {
    let arguments = [&["import", path.to_str().unwrap()], options].concat();
    end_to_end::programs::lines(&run(&mut office.issuer(&arguments)))
}
