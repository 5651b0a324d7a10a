//! Workbooks that other people's programs wrote, through the issuer's command line.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::path::Path;

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
