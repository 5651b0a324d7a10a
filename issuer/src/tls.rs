//! TLS of the program's own: a certificate and its key from two files, taken up anew when they change.
//!
//! The cryptography is ring's, as for the database. Knows no connection and no page.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use pass::Timestamp;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{Error, ServerConfig};
use tokio_rustls::TlsAcceptor;
use x509_cert::Certificate as X509;
use x509_cert::der::Decode;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file can't be read.
    #[error("{path}: {why}")]
    CannotRead {
        /// Which.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// There is no certificate in the file.
    #[error("{0}: no certificate")]
    NoCertificate(PathBuf),
    /// There is no private key in the file, or it is under a passphrase.
    #[error("{0}: no private key")]
    NoKey(PathBuf),
    /// The file is not what it should be.
    #[error("{path}: {why}")]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Certificate and key do not belong together.
    #[error("{key} is not the key of {certificate}")]
    Mismatch {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
}

/// Where a certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The certificate, and those between it and its root, in PEM.
    pub certificate: PathBuf,
    /// Its key in PEM: PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// What this program shows of itself to those who connect.
#[derive(Debug)]
pub struct Certificate {
    files: Files,
    shown: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn read(files: Files) -> Result<Self, TlsError> {
        let shown = RwLock::new(Arc::new(read(&files)?));
        Ok(Self { files, shown })
    }

    /// Looks at the files again. Returns whether there is another certificate, which whoever connects from now on is shown; where the
    /// files are no good, the one before stays.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn look_again(&self) -> Result<bool, TlsError> {
        let read = read(&self.files)?;
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = shown.cert != read.cert;
        if is_new {
            *shown = Arc::new(read);
        }
        Ok(is_new)
    }

    /// When the certificate that is shown ends; nothing where it doesn't say so as X.509 does (RFC 5280 §4.1.2.5).
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let shown = Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner));
        let certificate = X509::from_der(shown.cert.first()?).ok()?;
        let ends = certificate.tbs_certificate().validity().not_after.to_unix_duration();
        Some(Timestamp(i64::try_from(ends.as_secs()).ok()?))
    }

    /// What makes TLS of a connection: versions 1.2 and 1.3, HTTP/1.1 inside.
    #[must_use]
    pub fn acceptor(self: &Arc<Self>) -> TlsAcceptor {
        let shown: Arc<dyn ResolvesServerCert> = self.clone();
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("ring has the suites of both versions")
            .with_no_client_auth()
            .with_cert_resolver(shown);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn read(files: &Files) -> Result<CertifiedKey, TlsError> {
    let Files { certificate, key } = files;
    let unusable =
        |path: &Path, why: &dyn ToString| TlsError::Unusable { path: path.into(), why: why.to_string() };
    let bytes = bytes(certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let chain = chain.map_err(|why| unusable(certificate, &why))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.clone()));
    }
    let private = zeroize::Zeroizing::new(self::bytes(key)?);
    let private = PrivateKeyDer::from_pem_slice(&private).map_err(|why| match why {
        pem::Error::NoItemsFound => TlsError::NoKey(key.clone()),
        why => unusable(key, &why),
    })?;
    CertifiedKey::from_der(chain, private, &provider()).map_err(|why| match why {
        Error::InconsistentKeys(_) => {
            TlsError::Mismatch { certificate: certificate.clone(), key: key.clone() }
        }
        Error::InvalidCertificate(_) => unusable(certificate, &why),
        why => unusable(key, &why),
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|why| TlsError::CannotRead { path: path.into(), why })
}

#[cfg(test)]
mod tests {
    use rcgen::{CertifiedKey as Made, generate_simple_self_signed};

    use super::*;

    fn made() -> (String, String) {
        let Made { cert, signing_key } = generate_simple_self_signed(["office.example".to_owned()]).unwrap();
        (cert.pem(), signing_key.serialize_pem())
    }

    #[test]
    fn it_is_known_when_a_certificate_ends() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { certificate: folder.path().join("c.pem"), key: folder.path().join("k.pem") };
        let key = rcgen::KeyPair::generate().unwrap();
        let mut wanted = rcgen::CertificateParams::new(["office.example".to_owned()]).unwrap();
        wanted.not_after = rcgen::date_time_ymd(2031, 4, 5);
        fs::write(&files.certificate, wanted.self_signed(&key).unwrap().pem()).unwrap();
        fs::write(&files.key, key.serialize_pem()).unwrap();
        let certificate = Certificate::read(files).unwrap();
        assert_eq!(certificate.ends(), Some(Timestamp(1_933_113_600)));
    }

    #[test]
    fn what_is_wrong_with_the_files_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = Files { certificate: path("c.pem"), key: path("k.pem") };
        let ((certificate, key), (other, other_key)) = (made(), made());
        let read = |certificate: &str, key: &str| {
            fs::write(&files.certificate, certificate).unwrap();
            fs::write(&files.key, key).unwrap();
            Certificate::read(files.clone())
        };
        assert!(matches!(Certificate::read(files.clone()), Err(TlsError::CannotRead { .. })));
        assert!(matches!(read("", &key), Err(TlsError::NoCertificate(_))));
        assert!(matches!(read(&certificate, &certificate), Err(TlsError::NoKey(_))));
        assert!(matches!(read(&certificate, &other_key), Err(TlsError::Mismatch { .. })));
        let torn = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        assert!(
            matches!(read(torn, &key), Err(TlsError::Unusable { path, .. }) if path == files.certificate)
        );
        let torn = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
        assert!(
            matches!(read(&certificate, torn), Err(TlsError::Unusable { path, .. }) if path == files.key)
        );

        let shown = read(&certificate, &key).unwrap();
        let first = shown.shown.read().unwrap().clone();
        assert!(!shown.look_again().unwrap(), "nothing has changed");
        // In the middle of being renewed: the old one goes on being shown.
        fs::write(&files.certificate, &other).unwrap();
        assert!(matches!(shown.look_again(), Err(TlsError::Mismatch { .. })));
        assert!(Arc::ptr_eq(&first, &shown.shown.read().unwrap()));
        fs::write(&files.key, &other_key).unwrap();
        assert!(shown.look_again().unwrap());
        assert_ne!(first.cert, shown.shown.read().unwrap().cert);
    }
}
