//! Asking the office over HTTP. What is asked and answered is signed and sealed by itself; TLS, where the office has it, keeps
//! strangers from seeing who talks to whom.

use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

/// An answer has at most so many bytes: a whole bundle of a district.
const LONGEST: u64 = 64 << 20;
/// How long a connection may take, and an answer beside the time that it was asked to wait.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// Nobody answers, or not in time.
    Unreachable(String),
    /// The office answers, and says why not: a word.
    Refused(String),
}

/// Asks, and waits for an answer so much longer than usual.
pub(super) struct Client(Agent);

impl Client {
    pub(super) fn new() -> Self {
        // The certificates that the machine trusts: an office may have its own authority.
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(RootCerts::PlatformVerifier);
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .user_agent(concat!("sanse-gate/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }

    pub(super) fn ask(
        &self,
        address: &str,
        path: &str,
        body: &[u8],
        wait: Duration,
    ) -> Result<Vec<u8>, NoAnswer> {
        let unreachable = |why: ureq::Error| NoAnswer::Unreachable(why.to_string());
        let url = format!("{}{path}", address.trim_end_matches('/'));
        let request = self.0.post(&url).config().timeout_global(Some(ANSWER + wait)).build();
        let mut answer = request.content_type("application/octet-stream").send(body).map_err(unreachable)?;
        let status = answer.status();
        let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(unreachable)?;
        if status.is_success() {
            return Ok(body);
        }
        let word = String::from_utf8(body).unwrap_or_default();
        let known = !word.is_empty() && word.len() <= 20 && word.chars().all(|c| c.is_ascii_lowercase());
        Err(if known {
            NoAnswer::Refused(word)
        } else {
            // Something between answers in the office's place, or something else is at its address.
            NoAnswer::Unreachable(format!("HTTP {}", status.as_u16()))
        })
    }
}
