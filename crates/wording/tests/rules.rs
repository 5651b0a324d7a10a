//! The rules in words, as the screen and the office show them.

use protocol::policy_from_json;
use wording::{Language, explain};

fn sentences(rules: &str, lang: Language) -> String {
    let policy = policy_from_json(rules).expect("the rules of a test can be read");
    let mut all = explain(&policy, lang).join("\n");
    all.push('\n');
    all
}

#[test]
fn every_rule_is_a_plain_sentence() {
    let full = include_str!("../../gate/tests/golden-rules.json");
    assert_eq!(sentences(full, Language::Zh), include_str!("rules.zh.txt"));
    assert_eq!(sentences(full, Language::En), include_str!("rules.en.txt"));
}

#[test]
fn rules_that_are_not_there_are_not_told() {
    let starter = include_str!("../../../issuer/data/starter-rules.json");
    let text = sentences(starter, Language::En);
    assert!(!text.contains("open"), "{text}");
    assert!(text.contains("Coming home is never refused"), "{text}");
}
