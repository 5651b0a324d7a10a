//! What `issuer serve` tells whoever runs it.

use super::Language;
use crate::tls::TlsError;

/// Two settings of which one alone means nothing.
pub(crate) fn half_tls(language: Language) -> String {
    language.choose(
        "证书和私钥要一起给出：--tls-certificate 与 --tls-key。".into(),
        "A certificate and its key go together: give both --tls-certificate and --tls-key.".into(),
    )
}

/// Why there is no TLS, and what to do.
pub(crate) fn no_tls(error: &TlsError, language: Language) -> String {
    match error {
        TlsError::CannotRead { path, why } => {
            let path = path.display();
            language.choose(
                format!("无法读取 {path}：{why}。请检查路径，以及运行本程序的用户能否读取该文件。"),
                format!("Can't read {path}: {why}. See that it is there, and that the user this program runs as may read it."),
            )
        }
        TlsError::NoCertificate(path) => {
            let path = path.display();
            language.choose(
                format!("{path} 里没有证书。要 PEM 格式：站点证书在前，中间证书在后。"),
                format!("There is no certificate in {path}. It takes PEM: the site's own first, then those between it and its root."),
            )
        }
        TlsError::NoKey(path) => {
            let path = path.display();
            language.choose(
                format!("{path} 里没有可用的私钥。要 PEM 格式（PKCS#8、PKCS#1 或 SEC1），不带口令。"),
                format!("There is no private key to be used in {path}. It takes PEM (PKCS #8, PKCS #1 or SEC 1), without a passphrase."),
            )
        }
        TlsError::Unusable { path, why } => {
            let path = path.display();
            language.choose(
                format!("{path} 不能使用：{why}。请重新导出证书或私钥。"),
                format!("{path} can't be used: {why}. Export the certificate or the key again."),
            )
        }
        TlsError::Mismatch { certificate, key } => {
            let (certificate, key) = (certificate.display(), key.display());
            language.choose(
                format!("{key} 不是 {certificate} 的私钥。请给出同一次签发的证书和私钥。"),
                format!("{key} is not the key of {certificate}. Name the two that were made together."),
            )
        }
    }
}
