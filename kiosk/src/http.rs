//! Asking a device on the network by HTTP/1.1: cameras and relays. Without TLS, which such devices speak badly or not at all:
//! they belong on a network of their own.
//!
//! Answers are bounded and redirects stay with the device. Credentials go to the device that they were given for, when it asks
//! for them, in the way it asks for (RFC 7616, by which the password stays here, before RFC 7617), and into no message and no log.

use std::fmt;

use http_auth::{PasswordClient, PasswordParams};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

/// No more redirects are followed.
const REDIRECTS: usize = 3;
/// The head of an answer has at most so many bytes, and so many fields.
const MAX_HEAD: usize = 64 << 10;
const MAX_FIELDS: usize = 64;

/// Where a device is asked: `http://[USER:PASSWORD@]HOST[:PORT]/PATH`.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    /// As it was given, with its secrets.
    text: String,
    host: String,
    port: u16,
    path: String,
    credentials: Option<Credentials>,
}

#[derive(Clone, PartialEq, Eq)]
struct Credentials {
    user: String,
    password: String,
}

/// Why a text is no address. It does not repeat the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It has another form.
    #[error("an address is http://HOST[:PORT]/PATH, or http://USER:PASSWORD@HOST[:PORT]/PATH")]
    Form,
    /// It asks for TLS.
    #[error("https is not spoken here: put the device on a network of its own and use http")]
    Tls,
}

/// Why a device gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum HttpError {
    #[error("{0}")]
    Connect(#[from] std::io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("it answers {0}")]
    Status(StatusCode),
    #[error("it refuses the name and password, or wants some")]
    Unauthorized,
    #[error("it sends elsewhere, which is not followed")]
    Redirect,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let uri: Uri = text.parse().map_err(|_| AddressError::Form)?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => return Err(AddressError::Tls),
            _ => return Err(AddressError::Form),
        }
        let authority = uri.authority().ok_or(AddressError::Form)?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        // An empty port is none; one that is no number is a mistake.
        let plain = authority.as_str().ends_with(authority.host());
        let port = if plain { 80 } else { authority.port_u16().ok_or(AddressError::Form)? };
        if host.is_empty() {
            return Err(AddressError::Form);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let credentials = match user {
            None => None,
            Some(user) => Some(Credentials::parse(user).ok_or(AddressError::Form)?),
        };
        Ok(Self { text: text.to_owned(), host, port, path, credentials })
    }

    /// The address to which this device sends on, if it is its own.
    fn sent_on(&self, location: &HeaderValue) -> Option<Self> {
        let location = location.to_str().ok()?;
        if location.starts_with('/') && !location.starts_with("//") {
            let path = location.parse::<Uri>().ok()?.path_and_query()?.as_str().to_owned();
            return Some(Self { path, ..self.clone() });
        }
        let there = Self::parse(location).ok()?;
        let same = there.host == self.host && there.port == self.port;
        same.then(|| Self { path: there.path, ..self.clone() })
    }

    fn host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }
}

/// Without name, password and query: cameras take passwords there as well.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "http://{}:{}{path}", self.host(), self.port)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

impl Credentials {
    /// Reads `USER:PASSWORD`, percent-encoded; none when it is no UTF-8 then.
    fn parse(text: &str) -> Option<Self> {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        let decoded = |text| String::from_utf8(percent_decoded(text)).ok();
        Some(Self { user: decoded(user)?, password: decoded(password)? })
    }
}

/// A device that is asked again and again: how it wants its password is learnt once.
pub(crate) struct Device {
    address: Address,
    /// What answers its challenges; none as long as it made none.
    proof: Option<PasswordClient>,
    /// What it is sent with each request; mostly nothing.
    body: Bytes,
}

impl Device {
    pub(crate) fn at(address: Address) -> Self {
        Self { address, proof: None, body: Bytes::new() }
    }

    /// The device at this address, which is sent this JSON with every request.
    pub(crate) fn sending(address: Address, json: Vec<u8>) -> Self {
        Self { body: json.into(), ..Self::at(address) }
    }

    /// Asks, and follows the device within itself. Takes as long as the device takes: the caller sets the limit.
    ///
    /// # Errors
    /// [`HttpError`], for every answer that is not a success too.
    pub(crate) async fn ask(&mut self, method: &Method) -> Result<Response<Incoming>, HttpError> {
        let mut address = self.address.clone();
        let mut redirects = 0;
        // A proof of before may be stale: only one that answers the newest challenge, and fails, is refused.
        let mut is_fresh = false;
        loop {
            let answer = ask_once(method, &address, self.proof(method, &address), self.body.clone()).await?;
            let status = answer.status();
            if status.is_success() {
                return Ok(answer);
            }
            if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
                if is_fresh || !self.learn(&answer, &address) {
                    self.proof = None;
                    return Err(HttpError::Unauthorized);
                }
                is_fresh = true;
                continue;
            }
            if !status.is_redirection() || redirects == REDIRECTS {
                return Err(if status.is_redirection() {
                    HttpError::Redirect
                } else {
                    HttpError::Status(status)
                });
            }
            redirects += 1;
            let location = answer.headers().get(header::LOCATION).ok_or(HttpError::Status(status))?;
            address = address.sent_on(location).ok_or(HttpError::Redirect)?;
        }
    }

    /// Learns from a refusal how the password is to be given; false when there is none to give, or no way known here.
    fn learn(&mut self, refusal: &Response<Incoming>, address: &Address) -> bool {
        if address.credentials.is_none() {
            return false;
        }
        let challenges = refusal.headers().get_all(header::WWW_AUTHENTICATE);
        // Devices that refuse without a challenge mean the oldest way.
        let proof = match challenges.iter().next() {
            Some(_) => PasswordClient::try_from(challenges),
            None => PasswordClient::try_from("Basic realm=\"\""),
        };
        self.proof =
            proof.inspect_err(|why| tracing::warn!(%address, why, "its challenge is not known here")).ok();
        self.proof.is_some()
    }

    fn proof(&mut self, method: &Method, address: &Address) -> Option<HeaderValue> {
        let body = self.body.clone();
        let (proof, credentials) = (self.proof.as_mut()?, address.credentials.as_ref()?);
        let parameters = PasswordParams {
            username: &credentials.user,
            password: &credentials.password,
            uri: &address.path,
            method: method.as_str(),
            body: Some(&body),
        };
        let mut value = HeaderValue::try_from(proof.respond(&parameters).ok()?).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// Asks a device once, as [`Device::ask`] does.
///
/// # Errors
/// [`HttpError`], for every answer that is not a success too.
pub(crate) async fn ask(method: &Method, address: &Address) -> Result<Response<Incoming>, HttpError> {
    Device::at(address.clone()).ask(method).await
}

async fn ask_once(
    method: &Method,
    address: &Address,
    proof: Option<HeaderValue>,
    body: Bytes,
) -> Result<Response<Incoming>, HttpError> {
    let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    stream.set_nodelay(true)?;
    let mut client = http1::Builder::new();
    client.max_buf_size(MAX_HEAD).max_headers(MAX_FIELDS);
    let (mut sender, connection) = client.handshake(TokioIo::new(stream)).await?;
    // It ends when its answer is dropped; what fails in it is told by the answer.
    tokio::spawn(connection);
    let host = format!("{}:{}", address.host(), address.port);
    let mut request = Request::builder()
        .method(method)
        .uri(&address.path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, "sanse-gate")
        .header(header::CONNECTION, "close");
    if let Some(proof) = proof {
        request = request.header(header::AUTHORIZATION, proof);
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request = request.body(Full::new(body)).expect("path and host were read from an address");
    Ok(sender.send_request(request).await?)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *byte == b'%') {
            Some(escaped) => {
                decoded.push(escaped);
                rest = &after[2..];
            }
            None => {
                decoded.push(*byte);
                rest = after;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_tell_no_secret() {
        let table = [
            ("http://10.0.0.5/video", "http://10.0.0.5:80/video", None),
            ("http://camera", "http://camera:80/", None),
            ("http://camera:8080/snap.jpg?user=u&pwd=secret", "http://camera:8080/snap.jpg", None),
            ("http://admin:secret@camera/x", "http://camera:80/x", Some("admin:secret")),
            ("http://admin:s%40cret%21@[fe80::1]:81/", "http://[fe80::1]:81/", Some("admin:s@cret!")),
        ];
        for (text, shown, credentials) in table {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
            let read = address.credentials.map(|of| format!("{}:{}", of.user, of.password));
            assert_eq!(read.as_deref(), credentials);
        }
        let bad = ["", "camera", "/video", "rtsp://camera/", "http://", "http://camera:x/", "http://a b/"];
        for text in bad.into_iter().chain(["http://%FF:x@camera/"]) {
            assert_eq!(Address::parse(text), Err(AddressError::Form), "{text}");
        }
        assert_eq!(Address::parse("https://camera/"), Err(AddressError::Tls));
    }

    #[test]
    fn a_device_sends_on_to_itself_only() {
        let address = Address::parse("http://admin:secret@camera:8080/video").unwrap();
        let sent = |location| address.sent_on(&HeaderValue::from_static(location));
        for (location, there) in [
            ("/live?x=1", Some("http://camera:8080/live")),
            ("http://camera:8080/live", Some("http://camera:8080/live")),
            ("http://camera/live", None),
            ("http://elsewhere:8080/live", None),
            ("//elsewhere/live", None),
            ("https://camera:8080/live", None),
        ] {
            assert_eq!(sent(location).map(|there| there.to_string()).as_deref(), there, "{location}");
        }
        assert!(sent("/live").unwrap().credentials == address.credentials);
    }
}
