//! What an office says of itself on cards, notices and pages, and how long its passes live. Knows no key and no number of the
//! office: those are signed.

use std::fmt;
use std::str::FromStr;

use crate::{Lifetime, tidy};

/// The office's own words, all of them empty until somebody writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeSettings {
    /// Its name, as residents know it: 建设路社区居委会. At most [`OfficeSettings::LONGEST_NAME`] characters.
    pub name: String,
    /// The telephone that residents call.
    pub telephone: String,
    /// Where phones reach its pages, if they do.
    pub public_address: Option<PublicAddress>,
    /// How long passes live.
    pub lifetime: Lifetime,
}

/// Why settings can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeSettingsError {
    /// More characters than a card has room for.
    #[error("the office's name is longer than {} characters", OfficeSettings::LONGEST_NAME)]
    Name,
    /// More characters than a number has, or others than a number has.
    #[error("not a telephone number")]
    Telephone,
    /// Not an address that a phone can open.
    #[error("not the address of a web page: it starts with https:// and has no ? or #")]
    Address,
    /// A life of no days or of years, or one that is renewed from its first day on.
    #[error("passes live from 1 to {} days, and are renewed within that time", OfficeSettings::LONGEST_LIFE)]
    Lifetime,
}

impl OfficeSettings {
    /// Characters that fit on a card's edge, shrunk.
    pub const LONGEST_NAME: usize = 40;
    /// Characters of a telephone number with its extension.
    pub const LONGEST_TELEPHONE: usize = 30;
    /// Days: what is signed can be withdrawn, but a card that is lost and forgotten ends by itself.
    pub const LONGEST_LIFE: u32 = 366;

    /// Settings from what somebody typed. Empty fields are allowed; `days` and `renewed_in_last_days` are not.
    ///
    /// # Errors
    /// [`OfficeSettingsError`], the first field that can't be kept.
    pub fn typed(
        name: &str,
        telephone: &str,
        public_address: &str,
        lifetime: Lifetime,
    ) -> Result<Self, OfficeSettingsError> {
        let (name, telephone, address) = (tidy(name), tidy(telephone), tidy(public_address));
        if name.chars().count() > Self::LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(OfficeSettingsError::Name);
        }
        let dialled = |c: char| c.is_ascii_digit() || "+-() /,;转ext.".contains(c);
        if telephone.chars().count() > Self::LONGEST_TELEPHONE || !telephone.chars().all(dialled) {
            return Err(OfficeSettingsError::Telephone);
        }
        let public_address = match address.as_str() {
            "" => None,
            text => Some(text.parse()?),
        };
        let life = 1..=Self::LONGEST_LIFE;
        if !life.contains(&lifetime.days) || lifetime.renewed_in_last_days >= lifetime.days {
            return Err(OfficeSettingsError::Lifetime);
        }
        Ok(Self { name, telephone, public_address, lifetime })
    }

    /// What a phone dials (RFC 3966): the first number's figures and its plus sign, without an extension; may be empty.
    #[must_use]
    pub fn dialled(&self) -> String {
        let first = self.telephone.split(['转', ',', ';', '/', 'e', 'x', 't']).next().unwrap_or_default();
        first.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// Where phones reach the office's pages: `https://gate.example.org`, perhaps with a port and a path, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress(String);

impl PublicAddress {
    /// Longer ones would make the codes on cards too dense.
    pub const LONGEST: usize = 60;

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host alone, as a browser names it: no port.
    #[must_use]
    pub fn host(&self) -> &str {
        let after = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let authority = after.split('/').next().unwrap_or(after);
        match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => &authority[..colon],
            _ => authority,
        }
    }

    /// The secret page of a pass for its holder's phone.
    #[must_use]
    pub fn pass(&self, token: &str) -> String {
        format!("{}/p/{token}", self.0)
    }

    /// The page of a compound that everybody may read.
    #[must_use]
    pub fn compound(&self, id: pass::CompoundId) -> String {
        format!("{}/c/{}", self.0, id.0)
    }
}

impl FromStr for PublicAddress {
    type Err = OfficeSettingsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = OfficeSettingsError::Address;
        let text = text.trim_end_matches('/');
        if text.len() > Self::LONGEST {
            return Err(refuse);
        }
        let rest =
            ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme)).ok_or(refuse)?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let named = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let is_name = !host.is_empty() && host.chars().all(named) && !host.starts_with(['.', '-']);
        let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_ipv6 = inside.is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok());
        let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        let in_path = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        if (is_name || is_ipv6) && is_port && path.chars().all(in_path) {
            Ok(Self(text.to_owned()))
        } else {
            Err(refuse)
        }
    }
}

impl fmt::Display for PublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_phones_reach_an_office() {
        for (typed, kept, host) in [
            ("https://gate.example.org", "https://gate.example.org", "gate.example.org"),
            ("https://gate.example.org/", "https://gate.example.org", "gate.example.org"),
            ("https://10.0.0.9:8443/passes/", "https://10.0.0.9:8443/passes", "10.0.0.9"),
            ("http://[fd00::1]:7380", "http://[fd00::1]:7380", "[fd00::1]"),
            ("http://[fd00::1]", "http://[fd00::1]", "[fd00::1]"),
        ] {
            let address: PublicAddress = typed.parse().unwrap();
            assert_eq!((address.as_str(), address.host()), (kept, host));
            assert_eq!(address.pass("abc"), format!("{kept}/p/abc"));
            assert_eq!(address.compound(pass::CompoundId(7)), format!("{kept}/c/7"));
        }
        for wrong in [
            "gate.example.org",
            "ftp://gate.example.org",
            "https://",
            "https:///p",
            "https://user@host",
            "https://host:0",
            "https://host:99999",
            "https://host:port",
            "https://host/?q=1",
            "https://host/#a",
            "https://.host",
            "https://主机",
            "https://[fd00::1",
            "javascript:alert(1)",
            &format!("https://{}.example", "a".repeat(60)),
        ] {
            assert_eq!(wrong.parse::<PublicAddress>(), Err(OfficeSettingsError::Address), "{wrong}");
        }
    }

    #[test]
    fn what_an_office_may_say_of_itself() {
        let typed = |name: &str, telephone: &str, address: &str, days, last| {
            let lifetime = Lifetime { days, renewed_in_last_days: last };
            OfficeSettings::typed(name, telephone, address, lifetime)
        };
        let kept = typed(" 建设路社区  居委会 ", "０３１１-88886666 转 2", "", 30, 7).unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.telephone.as_str()),
            ("建设路社区 居委会", "0311-88886666 转 2")
        );
        assert_eq!(kept.public_address, None);
        assert_eq!(kept.dialled(), "031188886666");
        assert_eq!(typed("", "+86 (311) 1 ext. 2", "", 30, 7).unwrap().dialled(), "+863111");
        assert_eq!(typed("", "", "", 30, 7), Ok(OfficeSettings::default()));
        for (name, telephone, address, days, last, wrong) in [
            ("长".repeat(41), "", "", 30, 7, OfficeSettingsError::Name),
            (String::new(), "call me", "", 30, 7, OfficeSettingsError::Telephone),
            (String::new(), &*"1".repeat(31), "", 30, 7, OfficeSettingsError::Telephone),
            (String::new(), "", "host", 30, 7, OfficeSettingsError::Address),
            (String::new(), "", "", 0, 0, OfficeSettingsError::Lifetime),
            (String::new(), "", "", 400, 7, OfficeSettingsError::Lifetime),
            (String::new(), "", "", 7, 7, OfficeSettingsError::Lifetime),
        ] {
            assert_eq!(typed(&name, telephone, address, days, last), Err(wrong));
        }
    }
}
