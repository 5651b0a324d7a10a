//! Records that are kept for a time: the bounds of that time, and what certificates of their deletion are compared by.

use sha2::{Digest, Sha256};
use store::{Certificate, Record};

/// The audit log is kept at least so long: whoever may delete must not delete the trace of it.
pub(crate) const LEAST_AUDIT_DAYS: u32 = 180;
/// Nothing is kept for longer than a century.
const LONGEST: u32 = 36_500;

/// The days that were typed, where a record of this kind may be kept so long.
pub(crate) fn days(record: Record, typed: &str) -> Option<u32> {
    let least = if record == Record::Audit { LEAST_AUDIT_DAYS } else { 0 };
    typed.trim().parse().ok().filter(|days| (least..=LONGEST).contains(days))
}

/// What a filed certificate is compared with the kept one by: the hash of its number, time and lines, which name nobody.
pub(crate) fn fingerprint(certificate: &Certificate) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{} {}\n", certificate.id, certificate.at.0));
    for (record, count, until) in &certificate.lines {
        hash.update(format!("{} {count} {}\n", record.code(), until.0));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_typed() {
        for (record, typed, read) in [
            (Record::Passes, "0", Some(0)),
            (Record::Passes, " 30 ", Some(30)),
            (Record::Audit, "179", None),
            (Record::Audit, "180", Some(180)),
            (Record::Duty, "36500", Some(36_500)),
            (Record::Duty, "36501", None),
            (Record::Duty, "-1", None),
            (Record::Duty, "", None),
            (Record::Duty, "ten", None),
        ] {
            assert_eq!(days(record, typed), read, "{record:?} {typed}");
        }
    }
}
