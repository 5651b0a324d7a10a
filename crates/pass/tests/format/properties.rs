//! What holds for every pass, every status list and every trust list that the types allow.

use std::ops::RangeInclusive;

use pass::{
    Colour, CompoundId, Content, Contents, Kind, Kinds, Mode, Name, OfficeId, Pass, PublicKey, Serial,
    SigningKey, Status, StatusList, Timestamp, TrustList, TrustedKey, TrustedKeys, base45, sign, verify,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use qrcode::bits::Bits;
use qrcode::{EcLevel, QrCode, Version};

/// Seconds that four bytes can tell.
const LAST: i64 = u32::MAX as i64;
/// What a QR code of version 8 at level M holds in its alphanumeric mode (ISO/IEC 18004, table 7).
const CAPACITY: usize = 221;

fn key() -> SigningKey {
    SigningKey::from_seed(&[9; 32])
}

/// A key that may sign anything at any time.
fn trusting() -> TrustedKeys {
    let key = TrustedKey {
        public: key().public(),
        office: OfficeId(1),
        compounds: vec![0..=u32::MAX],
        contents: Contents::of(&[Content::Pass, Content::StatusList]),
        kinds: Kinds::of(&Kind::ALL),
        from: Timestamp(i64::MIN),
        until: Timestamp(i64::MAX),
    };
    let root = SigningKey::from_seed(&[1; 32]);
    let list = TrustList { version: 1, issued: Timestamp(0), keys: vec![key] };
    TrustList::open(&list.sign(&root), &root.public()).unwrap()
}

/// Up to fifteen bytes: whatever UTF-8 has, and what names and plates are made of.
fn any_name() -> impl Strategy<Value = Name> {
    let cut = |text: String| {
        let mut end = text.len().min(Name::MAX_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Name::new(&text[..end])
    };
    prop_oneof!["\\PC{1,15}", "[\u{4E00}-\u{9FFF}*]{1,5}", "[京津沪渝鲁][A-Z][A-Z0-9]{5,6}"]
        .prop_filter_map("no name", move |text| cut(text).ok())
}

fn any_mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Paper), any::<[u8; 32]>().prop_map(Mode::Phone)]
}

prop_compose! {
    fn any_pass()(
        serial: [u8; 5],
        (from, until) in (0..LAST).prop_flat_map(|from| (Just(from), from + 1..=LAST)),
        compound: u32, household: u32, holder: u16, index: u32,
        colour in select(&Colour::ALL), kind in select(&Kind::ALL), mode in any_mode(), name in any_name(),
    ) -> Pass {
        Pass {
            serial: Serial(serial),
            not_before: Timestamp(from),
            expires: Timestamp(until),
            compound: CompoundId(compound),
            household, holder, index, colour, kind, mode, name,
        }
    }
}

fn any_status() -> impl Strategy<Value = Status> {
    use Status::{AsSigned, Now, Replaced, Suspended, Withdrawn};
    let fixed = select(&[AsSigned, Withdrawn, Suspended, Replaced]);
    prop_oneof![8 => Just(AsSigned), 1 => fixed, 1 => select(&Colour::ALL).prop_map(Now)]
}

/// Stretches as an office writes them, and some that are empty because they end before they start.
fn any_stretch() -> impl Strategy<Value = RangeInclusive<u32>> {
    (any::<u32>(), any::<u32>()).prop_map(|(first, last)| first..=last)
}

prop_compose! {
    fn any_trusted()(
        seed: [u8; 32], office: u32,
        compounds in vec(any_stretch(), 0..4),
        contents in subsequence(Content::ALL.to_vec(), 0..=Content::ALL.len()),
        kinds in subsequence(Kind::ALL.to_vec(), 0..=Kind::ALL.len()),
        from: i64, until: i64,
    ) -> TrustedKey {
        TrustedKey {
            public: SigningKey::from_seed(&seed).public(),
            office: OfficeId(office),
            compounds,
            contents: Contents::of(&contents),
            kinds: Kinds::of(&kinds),
            from: Timestamp(from),
            until: Timestamp(until),
        }
    }
}

proptest! {
    #[test]
    fn any_pass_comes_back_and_fits_its_code(pass in any_pass()) {
        let signed = sign(pass.clone(), &key()).unwrap();
        let bytes = base45::decode(&signed.text[pass::PREFIX.len()..]).unwrap();
        prop_assert!(signed.text.len() <= pass::MAX_TEXT);
        if pass.mode == Mode::Paper {
            prop_assert!(bytes.len() <= 144, "{} bytes", bytes.len());
            prop_assert!(signed.text.len() <= CAPACITY, "{} characters", signed.text.len());
            // One alphanumeric segment: cut into several by runs of digits, some cards would need version 9.
            let mut bits = Bits::new(Version::Normal(8));
            bits.push_alphanumeric_data(signed.text.as_bytes()).unwrap();
            bits.push_terminator(EcLevel::M).unwrap();
            prop_assert_eq!(QrCode::with_bits(bits, EcLevel::M).unwrap().width(), 49);
        }
        let verified = verify(&signed.text, &trusting()).unwrap();
        prop_assert_eq!(&*verified, &pass);
        prop_assert_eq!(verified.office(), OfficeId(1));
        prop_assert_eq!(verified.signer(), &key().public());
        // Nothing in it depends on the moment: the same pass has one text.
        prop_assert_eq!(sign(pass, &key()).unwrap(), signed);
    }

    #[test]
    fn no_pass_has_a_validity_that_is_none(pass in any_pass(), length in 0..=LAST, any: i64) {
        let refused = |from: i64, until: i64| {
            let (not_before, expires) = (Timestamp(from), Timestamp(until));
            sign(Pass { not_before, expires, ..pass.clone() }, &key()).is_err()
        };
        let (from, until) = (pass.not_before.0, pass.expires.0);
        prop_assert!(refused(from, from - length));
        prop_assert!(refused(any, any.saturating_sub(length)));
        prop_assert!(refused(from, LAST + 1 + length));
        prop_assert!(refused(-1 - length, until));
    }

    #[test]
    fn any_status_list_comes_back(
        statuses in vec(any_status(), 0..600), version: u64, issued: i64, expires: i64,
    ) {
        let list = StatusList::new(OfficeId(1), version, Timestamp(issued), Timestamp(expires), &statuses);
        let opened = StatusList::open(&list.sign(&key()), &trusting()).unwrap();
        prop_assert_eq!(&opened, &list);
        for (index, status) in statuses.iter().enumerate() {
            prop_assert_eq!(opened.get(index as u32), Some(*status));
        }
        for index in [statuses.len() as u32, statuses.len() as u32 + 1, u32::MAX] {
            prop_assert_eq!(opened.get(index), None);
        }
    }

    #[test]
    fn any_trust_list_comes_back(
        version: u64, issued: i64, keys in vec(any_trusted(), 0..8), root_seed: [u8; 32],
    ) {
        let root = SigningKey::from_seed(&root_seed);
        let list = TrustList { version, issued: Timestamp(issued), keys };
        let opened = TrustList::open(&list.sign(&root), &root.public()).unwrap();
        prop_assert_eq!((opened.version(), opened.issued()), (list.version, list.issued));
        prop_assert_eq!(opened.keys(), list.keys.as_slice());
    }

    #[test]
    fn any_key_comes_back_from_both_its_forms(seed: [u8; 32]) {
        let key = SigningKey::from_seed(&seed).public();
        prop_assert_eq!(&PublicKey::from_cose_key(&key.cose_key()).unwrap(), &key);
        prop_assert_eq!(&pass::Jwk::new(&key, "issuer").public_key().unwrap(), &key);
        prop_assert!(key.id().0.is_ascii());
    }
}

#[test]
fn the_list_of_20000_passes_fits_a_stick() {
    let withdrawn = |index: usize| index.wrapping_mul(7919) % 20_000 < 200;
    let status = |index| if withdrawn(index) { Status::Withdrawn } else { Status::AsSigned };
    let statuses: Vec<Status> = (0..20_000).map(status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == Status::Withdrawn).count(), 200);
    let list = StatusList::new(OfficeId(1), 1, Timestamp(0), Timestamp(1), &statuses);
    let length = list.sign(&key()).len();
    assert!(length < 1024, "{length} bytes");
}
