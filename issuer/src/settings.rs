//! What may stand in `issuer.toml` in the data folder. Flags come before the environment, the environment before the file.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Where the pages are, unless somebody says otherwise.
pub(crate) const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7380);

/// The file: what it leaves out is set elsewhere or has its default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Where the pages are.
    pub(crate) listen: Option<SocketAddr>,
    /// Names browsers may use for this host.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// Whether a proxy before this program ends TLS.
    pub(crate) behind_tls: Option<bool>,
    /// The certificate of TLS of its own, in PEM.
    pub(crate) tls_certificate: Option<PathBuf>,
    /// Its key.
    pub(crate) tls_key: Option<PathBuf>,
    /// Where the figures for Prometheus are, apart from the pages.
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// What log lines look like: `text` or `json`.
    pub(crate) log: Option<String>,
    /// Of which level log lines are written, and where.
    pub(crate) log_level: Option<String>,
}

impl File {
    /// Reads the file of a data folder; one that isn't there sets nothing.
    ///
    /// # Errors
    /// When it can't be read, or sets something that is not known.
    pub(crate) fn read(data: &Path) -> io::Result<Self> {
        let path = data.join("issuer.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|why| io::Error::other(format!("{}: {why}", path.display())))
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(why) => Err(io::Error::new(why.kind(), format!("{}: {why}", path.display()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_sets_what_it_names_and_nothing_unknown() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(File::read(folder.path()).unwrap(), File::default());
        let write = |text: &str| std::fs::write(folder.path().join("issuer.toml"), text).unwrap();
        write("listen = \"0.0.0.0:443\"\nhosts = [\"pass.example.org\"]\ntls_key = \"/etc/k.pem\"\n");
        let read = File::read(folder.path()).unwrap();
        assert_eq!(read.listen, Some(SocketAddr::from(([0, 0, 0, 0], 443))));
        assert_eq!(
            (read.hosts, read.tls_key),
            (vec!["pass.example.org".to_owned()], Some("/etc/k.pem".into()))
        );
        for wrong in ["listen = \"everywhere\"", "tsl_key = \"/etc/k.pem\"", "behind_tls = \"yes\""] {
            write(wrong);
            assert!(File::read(folder.path()).unwrap_err().to_string().contains("issuer.toml"), "{wrong}");
        }
    }
}
