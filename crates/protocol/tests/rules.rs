//! Rules come back as they were signed, rules of version 1 are still read, and rules that can't be carried out are refused.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use gate::{Minute, Policy, Rules, Verdict, Window};
use minicbor::Encoder;
use pass::{
    CompoundId, Content, Contents, Kinds, OfficeId, Refusal, SigningKey, Timestamp, TrustList, TrustedKey,
    TrustedKeys,
};
use protocol::{SignedRules, policy_from_json, policy_to_json, sign_rules};

const NOW: Timestamp = Timestamp(1_600_000_000);
const STARTER: &str = include_str!("../../../issuer/data/starter-rules.json");

fn key() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

fn trusted() -> TrustedKeys {
    let root = SigningKey::from_seed(&[1; 32]);
    let trusted = TrustedKey {
        public: key().public(),
        office: OfficeId(1),
        compounds: vec![1..=9],
        contents: Contents::of(&[Content::Rules]),
        kinds: Kinds::default(),
        from: NOW.plus(-100),
        until: NOW.plus(1000),
    };
    let list = TrustList { version: 1, issued: NOW, keys: vec![trusted] };
    TrustList::open(&list.sign(&root), &root.public()).unwrap()
}

fn rules(policy: Policy) -> Rules {
    Rules { compound: CompoundId(1), compound_name: "翠湖小区".into(), policy }
}

/// Rules of which every member says something.
fn full() -> Policy {
    policy_from_json(include_str!("../../gate/tests/golden-rules.json")).unwrap()
}

#[test]
fn come_back_as_they_were_signed() {
    for policy in [policy_from_json(STARTER).unwrap(), full()] {
        let bytes = sign_rules(&rules(policy.clone()), 7, NOW, &key());
        let opened = SignedRules::open(&bytes, &trusted()).unwrap();
        assert_eq!((opened.version, opened.issued, opened.rules), (7, NOW, rules(policy.clone())));
        assert_eq!(policy_from_json(&policy_to_json(&policy)).unwrap(), policy);
    }
}

/// The payload that version 1 wrote: the sixth label and the labels of the body are promises.
fn version_1() -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    e.map(3).unwrap().i64(6).unwrap().i64(NOW.0).unwrap();
    e.i64(-65_538).unwrap().u64(5).unwrap().i64(-65_540).unwrap();
    e.map(6).unwrap().u8(0).unwrap().u32(1).unwrap();
    e.u8(1).unwrap().str("翠湖小区").unwrap().u8(2).unwrap().str("Asia/Shanghai").unwrap();
    for (label, verdicts, alert) in
        [(3, [0, 0, 0, 1], false), (4, [0, 0, 1, 1], false), (5, [2, 0, 2, 2], true)]
    {
        let [out, entry, unlisted, clock] = verdicts;
        e.u8(label).unwrap().map(5).unwrap();
        e.u8(0)
            .unwrap()
            .u8(out)
            .unwrap()
            .u8(1)
            .unwrap()
            .u8(entry)
            .unwrap()
            .u8(2)
            .unwrap()
            .bool(alert)
            .unwrap();
        e.u8(3).unwrap().u8(unlisted).unwrap().u8(4).unwrap().u8(clock).unwrap();
    }
    e.into_writer()
}

#[test]
fn version_1_is_still_read() {
    let opened = SignedRules::open(&Content::Rules.sign(&version_1(), &key()), &trusted()).unwrap();
    let policy = opened.rules.policy;
    assert_eq!((opened.version, policy.time_zone.as_str()), (5, "Asia/Shanghai"));
    assert_eq!((policy.colours.red.out, policy.colours.red.entry_alert), (Verdict::Refuse, true));
    let yellow = policy.colours.yellow;
    assert_eq!(
        (yellow.old_list, yellow.unknown_pass, yellow.clock_in_doubt),
        (Verdict::Check, Verdict::Check, Verdict::Check)
    );
    assert_eq!((policy.quotas.len(), policy.together.len(), policy.temperature), (0, 0, None));
    // In a file as well.
    let colour = |out, unlisted| {
        format!(
            "{{\"out\":\"{out}\",\"entry\":\"admit\",\"entry_alert\":false,\"unlisted\":\"{unlisted}\",\"clock_in_doubt\":\"check\"}}"
        )
    };
    let text = format!(
        "{{\"time_zone\":\"Asia/Shanghai\",\"green\":{},\"yellow\":{},\"red\":{}}}",
        colour("admit", "admit"),
        colour("admit", "check"),
        colour("refuse", "refuse")
    );
    let file = policy_from_json(&text).unwrap();
    assert_eq!((file.colours.red.out, file.colours.yellow.old_list), (Verdict::Refuse, Verdict::Check));
}

#[test]
fn rules_that_cannot_be_carried_out_are_refused() {
    let changes: &[fn(&mut Policy)] = &[
        |policy| policy.time_zone = "Mars/Olympus".into(),
        |policy| policy.quotas[0].days = 0,
        |policy| policy.quotas[0].days = 31,
        |policy| policy.quotas = vec![policy.quotas[0]; 9],
        |policy| policy.closing.as_mut().unwrap().open = Window { from: Minute(1440), until: Minute(0) },
        |policy| policy.exit_windows.as_mut().unwrap().windows[0].until = Minute(1441),
        |policy| policy.temperature.as_mut().unwrap().low = gate::Tenths(373),
        |policy| policy.lapse_minutes = Some(0),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut policy = full();
        change(&mut policy);
        assert!(policy_from_json(&policy_to_json(&policy)).is_err(), "{number}");
        let signed = sign_rules(&rules(policy), 1, NOW, &key());
        let refused = SignedRules::open(&signed, &trusted());
        assert!(matches!(refused, Err(Refusal::Malformed { .. })), "{number}");
    }
}

#[test]
fn a_file_says_everything_and_nothing_else() {
    assert!(policy_from_json(STARTER).is_ok());
    let value: serde_json::Value = serde_json::from_str(STARTER).unwrap();
    for member in value["rules"].as_object().unwrap().keys() {
        let mut less = value.clone();
        less["rules"].as_object_mut().unwrap().remove(member);
        assert!(policy_from_json(&less.to_string()).is_err(), "{member} may be left out");
    }
    for (old, new) in [
        ("\"refuse\"", "\"reject\""),
        ("\"quotas\"", "\"quota\""),
        ("\"version\": 2", "\"version\": 3"),
        ("37.3", "37.33"),
        ("35.0", "\"35.0\""),
    ] {
        let text = STARTER.replacen(old, new, 1);
        assert_ne!(text, STARTER);
        assert!(policy_from_json(&text).is_err(), "{new}");
    }
    let full = include_str!("../../gate/tests/golden-rules.json");
    assert!(policy_from_json(&full.replace("07:30", "7:30")).is_err());
    assert!(policy_from_json(&full.replace("07:30", "07:60")).is_err());
}
