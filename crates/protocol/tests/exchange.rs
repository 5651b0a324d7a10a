//! What travels between a gate and its office: nobody else reads it, nothing in it can be changed, and parts of a bundle find their
//! places.

use pass::{
    CompoundId, Content, Contents, Kinds, OfficeId, Refusal, SigningKey, Status, StatusList, Timestamp,
    TrustList, TrustedKey, TrustedKeys,
};
use proptest::prelude::*;
use protocol::{
    Bundle, BundleError, Directions, EnrolAnswer, EnrolAsk, EnrolCode, EnrolTextError, GateEntry, HighWater,
    Holds, Invitation, Mark, OpenedReport, Parcel, Part, ReceiverKey, Reply, Report, Sealed,
    SignedDirections, Stand, Stick, policy_from_json, sign_rules,
};

const NOW: Timestamp = Timestamp(1_600_000_000);

fn office() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

fn key(seed: u8) -> ReceiverKey {
    ReceiverKey::from_bytes(&[seed; 32])
}

fn trust(version: u64, contents: &[Content]) -> (Vec<u8>, TrustedKeys) {
    let root = SigningKey::from_seed(&[1; 32]);
    let trusted = TrustedKey {
        public: office().public(),
        office: OfficeId(1),
        compounds: vec![1..=9],
        contents: Contents::of(contents),
        kinds: Kinds::default(),
        from: NOW.plus(-100),
        until: NOW.plus(1000),
    };
    let bytes = TrustList { version, issued: NOW, keys: vec![trusted] }.sign(&root);
    let keys = TrustList::open(&bytes, &root.public()).expect("its root signed it");
    (bytes, keys)
}

/// One item of CBOR, as an event is.
fn event(number: u8) -> Vec<u8> {
    vec![0x82, 0x18, number.max(24), 0x61, b'e']
}

fn report() -> Report {
    Report {
        number: 41,
        at: NOW,
        in_doubt: true,
        software: "kiosk 0.1.0".into(),
        holds: Holds {
            trust: 3,
            status: [(1, Mark { trust: 3, version: 9 })].into(),
            rules: Mark { trust: 3, version: 4 },
            directions: Mark { trust: 3, version: 5 },
            people: Mark::default(),
        },
        journal: Some(Stand { journal: [7; 16], through: 3 }),
        first: 1,
        others: Some(vec![Stand { journal: [8; 16], through: 12 }]),
        wait: 25,
        events: vec![event(1), event(2), event(3)],
    }
}

#[test]
fn a_report_is_read_by_its_office_and_proved_by_its_gate() {
    let gate = SigningKey::from_seed(&[5; 32]);
    let sealed = report().seal(&key(1).receiver(), &gate, &key(9).receiver());
    let sealed = Sealed::from_bytes(&sealed.to_bytes()).unwrap();
    let opened = OpenedReport::open(&sealed, &key(9)).unwrap();
    assert_eq!(opened.sender, key(1).receiver());
    assert_eq!(opened.prove(&gate.public()).unwrap(), report());
    let stranger = SigningKey::from_seed(&[6; 32]).public();
    assert!(matches!(opened.prove(&stranger), Err(Refusal::UnknownKey { .. })));
    assert!(OpenedReport::open(&sealed, &key(1)).is_err(), "not even the sender reads it");
}

fn reply() -> Reply {
    Reply {
        number: 41,
        at: NOW,
        compound: CompoundId(4),
        struck: None,
        has: Some(Stand { journal: [7; 16], through: 2 }),
        others: vec![event(4), event(5)],
        more: true,
    }
}

#[test]
fn a_reply_is_read_by_its_gate_and_signed_by_the_office() {
    let (_, keys) = trust(1, &[Content::Reply]);
    let sealed = Sealed::from_bytes(&reply().seal(&office(), &key(1).receiver()).to_bytes()).unwrap();
    assert_eq!(Reply::open(&sealed, &key(1), &keys).unwrap(), reply());
    assert!(Reply::open(&sealed, &key(2), &keys).is_err());
    let (_, others) = trust(1, &[Content::Pass, Content::Rules, Content::People]);
    assert!(Reply::open(&sealed, &key(1), &others).is_err(), "its key may not");
    let elsewhere = Reply { compound: CompoundId(10), ..reply() }.seal(&office(), &key(1).receiver());
    assert!(Reply::open(&elsewhere, &key(1), &keys).is_err(), "of a compound that the key does not cover");
}

fn directions(compound: u32) -> Directions {
    let entry = |name: &str, seed, struck| GateEntry {
        name: name.into(),
        thumbprint: key(seed).receiver().thumbprint(),
        struck,
    };
    Directions {
        compound: CompoundId(compound),
        office: key(9).receiver(),
        addresses: vec!["https://office.example.org".into()],
        gates: vec![entry("南门", 1, None), entry("东门", 2, Some(NOW))],
    }
}

#[test]
fn directions_tell_who_was_struck_off() {
    let (_, keys) = trust(1, &[Content::Directions]);
    let opened = SignedDirections::open(&directions(4).sign(7, NOW, &office()), &keys).unwrap();
    assert_eq!((opened.version, &opened.directions), (7, &directions(4)));
    let struck = |seed| opened.directions.struck(&key(seed).receiver());
    assert_eq!((struck(1), struck(2), struck(3)), (None, Some(NOW), None));
    let (_, others) = trust(1, &[Content::Rules]);
    assert!(SignedDirections::open(&directions(4).sign(7, NOW, &office()), &others).is_err());
    assert!(SignedDirections::open(&directions(10).sign(7, NOW, &office()), &keys).is_err());
}

fn whole(trust_version: u64, version: u64) -> Bundle {
    let rules = gate::Rules {
        compound: CompoundId(4),
        compound_name: "翠湖小区".into(),
        policy: policy_from_json(include_str!("../../../issuer/data/starter-rules.json"))
            .expect("the starter rules can be read"),
    };
    let list = StatusList::new(OfficeId(1), version, NOW, NOW.plus(500), &[Status::AsSigned]);
    Bundle {
        trust: trust(trust_version, &[Content::StatusList, Content::Rules, Content::Directions]).0,
        status: vec![list.sign(&office())],
        rules: sign_rules(&rules, version, NOW, &office()),
        people: Vec::new(),
        directions: Some(directions(4).sign(version, NOW, &office())),
    }
}

#[test]
fn parts_take_the_places_of_those_held() {
    let root = SigningKey::from_seed(&[1; 32]).public();
    let (old, new) = (whole(1, 1), whole(1, 2));
    let parcel =
        Parcel { status: new.status.clone(), directions: new.directions.clone(), ..Parcel::default() };
    let parcel = Parcel::from_bytes(&parcel.to_bytes()).unwrap();
    assert!(parcel.has_parts() && parcel.whole().is_none());
    let merged = old.with(&parcel, &root).unwrap();
    let opened = merged.open(&root, None, &HighWater::default()).unwrap();
    let holds = opened.holds();
    assert_eq!(holds.status[&1], Mark { trust: 1, version: 2 }, "in place of the old one, not beside it");
    assert_eq!((holds.rules.version, holds.directions.version), (1, 2));
    // What is older than what was held is found when the whole is opened.
    let back = merged.with(&old.parcel(), &root).unwrap();
    let refused = back.open(&root, None, &opened.high_water(&HighWater::default())).unwrap_err();
    assert!(matches!(refused, BundleError::Older { part: Part::Status, .. }), "{refused}");
    assert_eq!(Bundle::from_bytes(&new.to_bytes()).unwrap(), new);
    let empty = Parcel::from_bytes(&Parcel::default().to_bytes()).unwrap();
    assert!(empty.is_empty() && !empty.has_parts());
    assert_eq!(old.with(&empty, &root).unwrap(), old);
}

#[test]
fn a_parcel_holds_replies_for_several_gates() {
    let sealed = |seed| reply().seal(&office(), &key(seed).receiver()).to_bytes();
    let parcel = Parcel { replies: vec![sealed(1), sealed(2)], ..Parcel::default() };
    assert_eq!(parcel.replies_for(&key(2).receiver()).count(), 1);
    assert_eq!(parcel.replies_for(&key(3).receiver()).count(), 0);
    assert!(!parcel.has_parts());
}

#[test]
fn a_stick_is_signed_with_its_file_system() {
    let (_, keys) = trust(1, &[Content::Stick]);
    let stick = Stick { issued: NOW, file_system: "A1B2-C3D4".into() };
    let signed = stick.sign(&office());
    assert_eq!(Stick::open(&signed, &keys), Ok(stick.clone()));
    let (_, others) = trust(1, &[Content::Reply]);
    assert!(Stick::open(&signed, &others).is_err());
    assert!(Stick::open(&stick.sign(&SigningKey::from_seed(&[8; 32])), &keys).is_err());
    for at in 0..signed.len() {
        let mut bad = signed.clone();
        bad[at] ^= 1;
        assert!(Stick::open(&bad, &keys).is_err(), "byte {at}");
    }
}

#[test]
fn a_code_is_typed_read_and_told_from_its_neighbours() {
    let code = EnrolCode::generate();
    let text = code.text();
    assert_eq!(text.parse(), Ok(code.clone()));
    assert_eq!(text.to_lowercase().replace('-', " ").parse(), Ok(code.clone()));
    let mut wrong: Vec<char> = text.chars().collect();
    let at = 1;
    wrong[at] = if wrong[at] == 'A' { 'B' } else { 'A' };
    let wrong: String = wrong.into_iter().collect();
    assert_eq!(wrong.parse::<EnrolCode>(), Err(EnrolTextError::Mistyped));
    assert_eq!("".parse::<EnrolCode>(), Err(EnrolTextError::Form));
    let invitation = Invitation { code: code.clone(), address: "http://10.0.0.9:7380".into() };
    assert_eq!(invitation.text().parse(), Ok(invitation.clone()));
    for wrong in
        ["SGE1:", "SG1:ABC", "SGE1:AAAA:http://x", &format!("SGE1:{}:ftp://x", text.replace('-', ""))]
    {
        assert!(wrong.parse::<Invitation>().is_err(), "{wrong}");
    }
    assert!(!format!("{invitation:?}").contains(&text), "not in logs");
}

#[test]
fn both_sides_of_an_enrolment_prove_the_code_and_what_they_say() {
    let secret = EnrolCode::generate().secret();
    let stranger = EnrolCode::generate().secret();
    let ask = EnrolAsk {
        id: secret.id,
        receiver: key(1).receiver(),
        signer: SigningKey::from_seed(&[5; 32]).public(),
        software: "kiosk 0.1.0".into(),
    };
    let asked = ask.to_bytes(&secret);
    assert_eq!(EnrolAsk::from_bytes(&asked).unwrap(), ask);
    assert!(EnrolAsk::is_proved(&asked, &secret));
    assert!(!EnrolAsk::is_proved(&asked, &stranger));
    let answer = EnrolAnswer {
        root: SigningKey::from_seed(&[1; 32]).public(),
        gate: "南门".into(),
        compound: CompoundId(4),
        bundle: vec![1, 2, 3],
    };
    let answered = answer.to_bytes(&asked, &secret);
    assert_eq!(EnrolAnswer::open(&answered, &asked, &secret).unwrap(), answer);
    assert!(EnrolAnswer::open(&answer.to_bytes(&asked, &stranger), &asked, &secret).is_err());
    assert!(EnrolAnswer::open(&answered, &ask.to_bytes(&stranger), &secret).is_err(), "answers another ask");
    for at in 0..asked.len() {
        let mut bad = asked.clone();
        bad[at] ^= 1;
        assert!(!EnrolAsk::is_proved(&bad, &secret), "byte {at} of the ask");
    }
    for at in 0..answered.len() {
        let mut bad = answered.clone();
        bad[at] ^= 1;
        assert!(EnrolAnswer::open(&bad, &asked, &secret).is_err(), "byte {at} of the answer");
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Parcel::from_bytes(&bytes);
        let _ = EnrolAsk::from_bytes(&bytes);
        let _ = String::from_utf8_lossy(&bytes).parse::<Invitation>();
        // Signed or sealed by those who may, and nonsense all the same.
        let (_, keys) = trust(1, &Content::OF_OFFICE);
        let _ = SignedDirections::open(&Content::Directions.sign(&bytes, &office()), &keys);
        let sealed = Sealed::seal(Content::Reply, 1, &Content::Reply.sign(&bytes, &office()), &key(1).receiver());
        prop_assert!(Reply::open(&sealed, &key(1), &keys).is_err());
        let sealed = Sealed::seal(Content::Report, 1, &bytes, &key(9).receiver());
        if let Ok(opened) = OpenedReport::open(&sealed, &key(9)) {
            let _ = opened.prove(&office().public());
        }
    }

    #[test]
    fn parcels_come_back(status in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..3),
        trust in prop::option::of(prop::collection::vec(any::<u8>(), 0..9)),
        rules in prop::option::of(prop::collection::vec(any::<u8>(), 0..9)),
        directions in prop::option::of(prop::collection::vec(any::<u8>(), 0..9)),
        replies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..3),
    ) {
        let parcel = Parcel { trust, status, rules, directions, people: Vec::new(), replies };
        let bytes = parcel.to_bytes();
        prop_assert_eq!(Parcel::from_bytes(&bytes), Ok(parcel));
        for length in 0..bytes.len() {
            prop_assert!(Parcel::from_bytes(&bytes[..length]).is_err());
        }
    }
}
