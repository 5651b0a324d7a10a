//! Inviting a gate: a code that works once and for minutes, told to whoever asked for it and kept nowhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pass::{CompoundId, Timestamp};
use protocol::{EnrolCode, Invitation};
use store::{Act, Enrolment, Store, StoreError};

use crate::exchange::id_text;

/// An invitation holds for so many minutes: long enough to walk to the gate.
pub(crate) const MINUTES: i64 = 15;

/// Invites the gate of this name, which reaches the office at this address. Returns the invitation and its end.
pub(crate) async fn invite(
    store: &Store,
    (name, compound): (&str, CompoundId),
    address: &str,
    act: &Act<'_>,
) -> Result<(Invitation, Timestamp), StoreError> {
    let code = EnrolCode::generate();
    let (secret, ends) = (code.secret(), act.at.plus(MINUTES * 60));
    let invitation = Enrolment {
        secret: STANDARD.encode(&secret.key[..]),
        name: name.to_owned(),
        compound,
        ends,
        receiver: None,
    };
    store.invite_gate(&id_text(&secret.id), &invitation, act).await?;
    Ok((Invitation { code, address: address.trim_end_matches('/').to_owned() }, ends))
}

/// An address as somebody typed it, if a gate can ask there.
pub(crate) fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}") };
    let rest = whole.strip_prefix("http://").or_else(|| whole.strip_prefix("https://"))?;
    let plain =
        whole.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '"' | '<' | '>'));
    let usable = plain && !rest.is_empty() && !rest.starts_with('/') && whole.len() <= 200;
    usable.then(|| whole.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_what_a_gate_can_ask() {
        assert_eq!(address(" 10.0.0.9:7380/ ").as_deref(), Some("http://10.0.0.9:7380"));
        assert_eq!(address("https://office.example/a").as_deref(), Some("https://office.example/a"));
        for wrong in ["", "http://", "ftp://a", "http:///x", "a b", "http://u@h", "http://a?b", "社区"] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }
}
