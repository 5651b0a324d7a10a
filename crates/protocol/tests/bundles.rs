//! A bundle is taken whole or not at all, and never backwards.

use gate::Rules;
use pass::{
    CompoundId, Content, Contents, Kinds, OfficeId, Refusal, SigningKey, Status, StatusList, Timestamp,
    TrustList, TrustedKey,
};
use proptest::prelude::*;
use protocol::{Bundle, BundleError, HighWater, Mark, Part, policy_from_json, sign_rules};

const NOW: Timestamp = Timestamp(1_600_000_000);

fn root() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn rules(compound: u32) -> Rules {
    let policy = policy_from_json(include_str!("../../../issuer/data/starter-rules.json"))
        .expect("the starter rules can be read");
    Rules { compound: CompoundId(compound), compound_name: "翠湖小区".into(), policy }
}

/// A bundle whose trust, status and rules have these versions.
fn bundle(trust: u64, status: u64, rule: u64) -> Bundle {
    let key = SigningKey::from_seed(&[2; 32]);
    let trusted = TrustedKey {
        public: key.public(),
        office: OfficeId(1),
        compounds: vec![1..=9],
        contents: Contents::of(&[Content::StatusList, Content::Rules]),
        kinds: Kinds::default(),
        from: NOW.plus(-100),
        until: NOW.plus(1000),
    };
    let list = TrustList { version: trust, issued: NOW, keys: vec![trusted] };
    let statuses = [Status::AsSigned, Status::Withdrawn, Status::Suspended];
    let status = StatusList::new(OfficeId(1), status, NOW.plus(3), NOW.plus(500), &statuses);
    Bundle {
        trust: list.sign(&root()),
        status: vec![status.sign(&key)],
        rules: sign_rules(&rules(1), rule, NOW.plus(1), &key),
        people: Vec::new(),
        directions: None,
    }
}

#[test]
fn comes_back_and_is_believed() {
    let bundle = bundle(1, 2, 3);
    let read = Bundle::from_bytes(&bundle.to_bytes()).unwrap();
    assert_eq!(read, bundle);
    let opened = read.open(&root().public(), None, &HighWater::default()).unwrap();
    assert_eq!(opened.rules.rules, rules(1));
    assert_eq!(opened.status_of(OfficeId(1)).unwrap().get(1), Some(Status::Withdrawn));
    assert_eq!(opened.status_of(OfficeId(1)).unwrap().get(3), None);
    assert_eq!(opened.status_of(OfficeId(2)), None);
    assert_eq!(opened.issued(), NOW.plus(3));
}

#[test]
fn another_root_is_refused() {
    let stranger = SigningKey::from_seed(&[3; 32]).public();
    let refusal = bundle(1, 1, 1).open(&stranger, None, &HighWater::default()).unwrap_err();
    let key = root().id();
    assert_eq!(refusal, BundleError::Refused { part: Part::Trust, refusal: Refusal::UnknownKey { key } });
}

#[test]
fn no_part_goes_back() {
    let root = root().public();
    let held =
        bundle(5, 10, 20).open(&root, None, &HighWater::default()).unwrap().high_water(&HighWater::default());
    assert_eq!(held.rules, Mark { trust: 5, version: 20 });
    let part_refused = |trust, status, rules| match bundle(trust, status, rules).open(&root, None, &held) {
        Ok(_) => None,
        Err(BundleError::Older { part, .. }) => Some(part),
        Err(other) => panic!("{other}"),
    };
    assert_eq!(part_refused(5, 10, 20), None);
    assert_eq!(part_refused(5, 11, 21), None);
    assert_eq!(part_refused(4, 11, 21), Some(Part::Trust));
    assert_eq!(part_refused(5, 9, 21), Some(Part::Status));
    assert_eq!(part_refused(5, 11, 19), Some(Part::Rules));
    // A newer trust list starts the parts' versions anew: a stolen key can't use up all numbers.
    assert_eq!(part_refused(6, 1, 1), None);
}

#[test]
fn one_part_in_place_of_another_is_refused() {
    let good = bundle(1, 1, 1);
    let held = HighWater::default();
    let swapped = Bundle { rules: good.status[0].clone(), ..good.clone() };
    let wrong = Refusal::WrongContent { found: Some(Content::StatusList), wanted: Content::Rules };
    assert_eq!(
        swapped.open(&root().public(), None, &held).unwrap_err(),
        BundleError::Refused { part: Part::Rules, refusal: wrong }
    );
    let key = SigningKey::from_seed(&[2; 32]);
    let foreign = Bundle { rules: sign_rules(&rules(10), 1, NOW, &key), ..good.clone() };
    let refusal = Refusal::KeyNotForCompound { key: key.id(), compound: CompoundId(10) };
    assert_eq!(
        foreign.open(&root().public(), None, &held).unwrap_err(),
        BundleError::Refused { part: Part::Rules, refusal }
    );
    let twice = Bundle { status: vec![good.status[0].clone(), good.status[0].clone()], ..good };
    assert!(matches!(
        twice.open(&root().public(), None, &held),
        Err(BundleError::Refused { part: Part::Status, refusal: Refusal::Malformed { .. } })
    ));
}

proptest! {
    #[test]
    fn damaged_bytes_are_never_believed(at: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = bundle(1, 1, 1).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let opened = Bundle::from_bytes(&bytes).and_then(|b| b.open(&root().public(), None, &HighWater::default()));
        prop_assert!(opened.is_err());
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Bundle::from_bytes(&bytes);
    }
}
