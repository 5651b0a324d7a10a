//! People reach the one gate they are for, whole or not at all.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::time::Instant;

use bolero::{check, produce};
use gate::{Exemption, ExemptionKind, Role, Rules};
use pass::{
    Colour, CompoundId, Content, Contents, Kind, Kinds, Name, OfficeId, Refusal, Serial, SigningKey,
    StatusList, Timestamp, TrustList, TrustedKey, TrustedKeys,
};
use protocol::{
    Bundle, BundleError, Card, ClosedHomes, Duty, HighWater, Mark, Part, People, PeopleError, Pin, PinHash,
    Receiver, ReceiverKey, Resident, SealError, Sealed, SignedPeople, Staff, policy_from_json, seal_people,
    sign_rules,
};

const NOW: Timestamp = Timestamp(1_600_000_000);

fn root() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn office() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

fn gate(number: u8) -> ReceiverKey {
    ReceiverKey::from_bytes(&[number; 32])
}

fn trust(contents: &[Content]) -> Vec<u8> {
    let trusted = TrustedKey {
        public: office().public(),
        office: OfficeId(1),
        compounds: vec![1..=9],
        contents: Contents::of(contents),
        kinds: Kinds::of(&[Kind::Person, Kind::Vehicle]),
        from: NOW.plus(-100),
        until: NOW.plus(1000),
    };
    TrustList { version: 5, issued: NOW, keys: vec![trusted] }.sign(&root())
}

fn keys(contents: &[Content]) -> TrustedKeys {
    TrustList::open(&trust(contents), &root().public()).unwrap()
}

/// A hash that costs nothing to read: opening people verifies no PIN.
fn pin() -> PinHash {
    let text =
        "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    PinHash::parse(text).unwrap()
}

fn resident(holder: u16) -> Resident {
    let [high, low] = holder.to_be_bytes();
    Resident {
        holder,
        household: u32::from(holder / 3),
        kind: if holder % 7 == 6 { Kind::Vehicle } else { Kind::Person },
        name: Name::new(if holder % 7 == 6 { "鄂A12345" } else { "张*明" }).unwrap(),
        building: (holder / 120).to_string(),
        unit: (holder / 40 % 3).to_string(),
        room: format!("{}01", holder % 20),
        initials: vec!["zxm".into()],
        colour: Colour::ALL[usize::from(holder % 3)],
        cards: vec![Card {
            // As random as a real one to whoever packs it.
            serial: Serial([
                high ^ 0x5A,
                low.wrapping_mul(167),
                high.wrapping_add(low.wrapping_mul(59)),
                low ^ 0xA5,
                low,
            ]),
            index: u32::from(holder),
            colour: Colour::ALL[usize::from(holder % 3)],
            not_before: NOW,
            expires: NOW.plus(900),
        }],
        exemptions: Vec::new(),
    }
}

fn people(count: u16) -> People {
    let mut residents: Vec<Resident> = (1..=count).map(resident).collect();
    if let Some(first) = residents.first_mut() {
        first.exemptions = vec![Exemption {
            kind: ExemptionKind::Medical,
            quota: true,
            hours: false,
            until: Some(NOW.plus(500)),
        }];
    }
    People {
        compound: CompoundId(1),
        residents,
        staff: vec![
            Staff { name: "李师傅".into(), role: Role::Guard, pin: pin() },
            Staff { name: "王主管".into(), role: Role::Supervisor, pin: pin() },
        ],
        roster: vec![Duty {
            from: NOW,
            until: NOW.plus(8 * 3600),
            who: "李师傅".into(),
            gate: String::new(),
        }],
        closed: vec![ClosedHomes {
            building: "0".into(),
            unit: "1".into(),
            since: NOW,
            planned: Some(NOW.plus(14 * 86_400)),
        }],
    }
}

const ALL: [Content; 4] = [Content::Pass, Content::StatusList, Content::Rules, Content::People];

fn sealed(people: &People, version: u64) -> Sealed {
    seal_people(people, version, NOW, &office(), &gate(1).receiver()).unwrap()
}

#[test]
fn they_come_back_and_their_cards_are_believed() {
    let sealed = Sealed::from_bytes(&sealed(&people(20), 3).to_bytes()).unwrap();
    let opened = SignedPeople::open(&sealed, &gate(1), &keys(&ALL)).unwrap();
    assert_eq!((opened.people(), opened.version, opened.issued), (&people(20), 3, NOW));
    let seventh = opened.resident(7).unwrap();
    let pass = opened.pass(seventh, &seventh.cards[0]).unwrap();
    assert_eq!((pass.office(), pass.holder, pass.index), (OfficeId(1), 7, 7));
    assert_eq!((pass.serial, pass.colour), (seventh.cards[0].serial, seventh.colour));
    assert_eq!(opened.resident(21), None);
    // A signer that may not sign passes vouches for none, nor for one that outlives it.
    let only = SignedPeople::open(&sealed, &gate(1), &keys(&[Content::People])).unwrap();
    let refused = only.pass(seventh, &seventh.cards[0]).unwrap_err();
    assert_eq!(refused, Refusal::KeyNotForContent { key: office().id(), content: Content::Pass });
    let late = Card { expires: NOW.plus(1001), ..seventh.cards[0] };
    assert!(matches!(opened.pass(seventh, &late), Err(Refusal::KeyNotValid { .. })));
}

#[test]
fn no_other_gate_and_no_other_signer() {
    let good = sealed(&people(2), 3);
    let open = |sealed: &Sealed, key: u8, keys: &TrustedKeys| {
        SignedPeople::open(sealed, &gate(key), keys).unwrap_err()
    };
    assert_eq!(open(&good, 2, &keys(&ALL)), PeopleError::Seal(SealError::NotForThisKey));
    let wrong = Refusal::KeyNotForContent { key: office().id(), content: Content::People };
    assert_eq!(open(&good, 1, &keys(&[Content::Pass])), PeopleError::Refused(wrong));
    let stranger = SigningKey::from_seed(&[9; 32]);
    let forged = seal_people(&people(2), 3, NOW, &stranger, &gate(1).receiver()).unwrap();
    assert_eq!(
        open(&forged, 1, &keys(&ALL)),
        PeopleError::Refused(Refusal::UnknownKey { key: stranger.id() })
    );
    let elsewhere = People { compound: CompoundId(10), ..people(2) };
    let refused = Refusal::KeyNotForCompound { key: office().id(), compound: CompoundId(10) };
    assert_eq!(open(&sealed(&elsewhere, 3), 1, &keys(&ALL)), PeopleError::Refused(refused));
    // The first gate seals what it could read for the second: the signature names the first.
    let inside = good.open(Content::People, &gate(1)).unwrap();
    let passed_on = Sealed::seal(Content::People, 3, &inside, &gate(2).receiver());
    assert!(matches!(open(&passed_on, 2, &keys(&ALL)), PeopleError::Refused(Refusal::Malformed { .. })));
    // Another version on the outside than on the inside.
    let renamed = Sealed::seal(Content::People, 4, &inside, &gate(1).receiver());
    assert!(matches!(open(&renamed, 1, &keys(&ALL)), PeopleError::Refused(Refusal::Malformed { .. })));
}

#[test]
fn lists_out_of_order_or_without_sense_are_refused() {
    let with = |change: &dyn Fn(&mut People)| {
        let mut people = people(5);
        change(&mut people);
        SignedPeople::open(&sealed(&people, 3), &gate(1), &keys(&ALL))
    };
    assert!(with(&|_| {}).is_ok());
    let changes: [&dyn Fn(&mut People); 8] = [
        &|p| p.residents.swap(0, 1),
        &|p| p.residents[1].holder = p.residents[0].holder,
        &|p| p.residents[0].kind = Kind::Visitor,
        &|p| p.residents[0].initials = vec!["ZXM".into()],
        &|p| p.residents[0].room = "5\n01".into(),
        &|p| p.staff.reverse(),
        &|p| p.staff[0].name = String::new(),
        &|p| p.roster[0].until = p.roster[0].from,
    ];
    for (at, change) in changes.iter().enumerate() {
        assert!(matches!(with(change), Err(PeopleError::Refused(Refusal::Malformed { .. }))), "change {at}");
    }
    let mut many = people(1);
    many.staff = (0..501).map(|i| Staff { name: format!("{i:03}"), role: Role::Guard, pin: pin() }).collect();
    assert!(seal_people(&many, 1, NOW, &office(), &gate(1).receiver()).is_err());
    let mut long = people(1);
    long.residents[0].building = "长".repeat(30);
    assert!(seal_people(&long, 1, NOW, &office(), &gate(1).receiver()).is_err());
}

fn bundle(for_gates: &[Receiver], version: u64) -> Bundle {
    let policy = policy_from_json(include_str!("../../../issuer/data/starter-rules.json")).unwrap();
    let rules = Rules { compound: CompoundId(1), compound_name: "翠湖小区".into(), policy };
    let sealed = |gate| seal_people(&people(3), version, NOW.plus(9), &office(), gate).unwrap().to_bytes();
    Bundle {
        trust: trust(&ALL),
        status: vec![StatusList::new(OfficeId(1), 1, NOW, NOW.plus(500), &[]).sign(&office())],
        rules: sign_rules(&rules, 1, NOW, &office()),
        people: for_gates.iter().map(sealed).collect(),
        directions: None,
    }
}

#[test]
fn a_gate_takes_what_is_sealed_for_it_and_does_without_the_rest() {
    let root = root().public();
    let both = bundle(&[gate(1).receiver(), gate(2).receiver()], 7);
    let read = Bundle::from_bytes(&both.to_bytes()).unwrap();
    assert_eq!(read, both);
    let none = HighWater::default();
    for number in [1, 2] {
        let opened = read.open(&root, Some(&gate(number)), &none).unwrap();
        assert_eq!(opened.people.as_ref().unwrap().people(), &people(3));
        assert_eq!(opened.issued(), NOW.plus(9));
        assert_eq!(opened.high_water(&none).people, Mark { trust: 5, version: 7 });
    }
    for key in [None, Some(gate(3))] {
        let opened = read.open(&root, key.as_ref(), &none).unwrap();
        assert_eq!(opened.people, None);
        let held = HighWater { people: Mark { trust: 5, version: 9 }, ..HighWater::default() };
        assert_eq!(opened.high_water(&held).people, held.people, "a bundle without people lowers no mark");
    }
    let kept = read.people_for(&gate(2).receiver()).map(<[u8]>::to_vec);
    let kept = read.with_people(kept);
    assert_eq!(kept.people, both.people[1..]);

    let held = HighWater { people: Mark { trust: 5, version: 8 }, ..HighWater::default() };
    let older = both.open(&root, Some(&gate(1)), &held).unwrap_err();
    assert!(matches!(older, BundleError::Older { part: Part::People, .. }));
    let mut broken = both.clone();
    let last = broken.people[0].len() - 1;
    broken.people[0][last] ^= 1;
    let refused = broken.open(&root, Some(&gate(1)), &none).unwrap_err();
    assert_eq!(refused, BundleError::People(PeopleError::Seal(SealError::Broken)));
}

#[test]
fn ten_thousand_are_small() {
    let sealed = sealed(&people(10_000), 1);
    let bytes = sealed.to_bytes();
    let start = Instant::now();
    let opened = SignedPeople::open(&sealed, &gate(1), &keys(&ALL)).unwrap();
    eprintln!("10,000 residents: {} bytes, opened in {:?}", bytes.len(), start.elapsed());
    assert_eq!(opened.people().residents.len(), 10_000);
    assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
}

#[test]
fn no_bytes_panic() {
    check!().with_type::<Vec<u8>>().for_each(|bytes| {
        if let Ok(sealed) = Sealed::from_bytes(bytes) {
            assert_eq!(sealed.to_bytes(), *bytes);
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            let _ = (Receiver::of_text(text), PinHash::parse(text), Pin::typed(text));
        }
        let _ = Receiver::from_cose_key(bytes);
    });
}

/// What a signer that went wrong might sign: edited payloads under a true signature and a true seal.
#[test]
fn edited_payloads_under_a_true_seal() {
    let keys = keys(&ALL);
    let receiver = gate(1).receiver();
    let inside = sealed(&people(4), 3).open(Content::People, &gate(1)).unwrap();
    let good = keys.open(Content::People, &inside).unwrap().payload.to_vec();
    let edits = produce::<Vec<(u16, u8)>>().with().len(1..4_usize);
    check!().with_iterations(500).with_generator(edits).for_each(|edits| {
        let mut payload = good.clone();
        for (at, byte) in edits {
            let at = usize::from(*at) % payload.len();
            payload[at] = *byte;
        }
        let sealed = Sealed::seal(Content::People, 3, &Content::People.sign(&payload, &office()), &receiver);
        if let Ok(opened) = SignedPeople::open(&sealed, &gate(1), &keys) {
            // Accepted: then it is what a signer writes, and its lists are in order.
            assert!(opened.people().residents.is_sorted_by(|a, b| a.holder < b.holder));
        }
    });
}
