//! The two programs as those run them who look after machines: TLS with certificates that are renewed, ends in the middle of work.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use end_to_end::at_work::AtWork;
use end_to_end::office::Office;
use end_to_end::programs::{lines, run};
use end_to_end::talk::{answer, ask, by_tls, plain};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustix::process::Signal;
use rustls::pki_types::CertificateDer;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is so.
fn until<T>(what: &str, mut so: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        match so() {
            Some(found) => return found,
            None if since.elapsed() > PATIENCE => panic!("waited in vain: {what}"),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// A certificate for `localhost` that vouches for itself.
fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).expect("ring makes keys")
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a temporary folder can be written");
}

/// An office's pages by TLS of their own, with this certificate.
fn serve_by_tls(office: &Office, first: &CertifiedKey<KeyPair>) -> AtWork {
    let (certificate, key) = (office.path("tls.crt"), office.path("tls.key"));
    write(&certificate, &first.cert.pem());
    write(&key, &first.signing_key.serialize_pem());
    let mut command = office.issuer(&["serve", "--listen", "127.0.0.1:0"]);
    command.arg("--tls-certificate").arg(certificate).arg("--tls-key").arg(key);
    AtWork::start(command)
}

#[test]
fn pages_by_tls_and_a_renewed_certificate() {
    let office = Office::new();
    let told = run(&mut office.issuer(&["account", "add", "Wang", "--role", "administrator"]));
    let told = lines(&told);
    let password = told[0].rsplit('\t').next().expect("a line has a last field");
    let (first, second) = (certificate(), certificate());
    let (first_der, second_der): (CertificateDer<'static>, CertificateDer<'static>) =
        (first.cert.der().clone(), second.cert.der().clone());
    let pages = serve_by_tls(&office, &first);
    assert!(pages.page("/").starts_with("https://"));
    let host = pages.host();

    // The office's pages are there, and cookies are for TLS alone.
    let mut kept = by_tls(host, &first_der).expect("the certificate is shown");
    let get = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let page = ask(&mut kept, get).expect("the page comes");
    assert_eq!((page.status, page.header("strict-transport-security")), (200, Some("max-age=31536000")));
    let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let form = format!("name=Wang&password={encoded}");
    let head =
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let post = format!("{head}Content-Length: {}\r\n\r\n{form}", form.len());
    let signed_in = ask(&mut kept, &post).expect("an answer comes");
    let cookie = signed_in.header("set-cookie").unwrap_or_default();
    assert_eq!(signed_in.status, 303, "{signed_in:?}");
    assert!(cookie.starts_with("__Host-sanse_office=") && cookie.contains("; Secure"), "{cookie}");

    // Nobody else is believed, and nothing is said in clear.
    assert!(by_tls(host, &second_der).is_err(), "a certificate that isn't the office's");
    let mut clear = plain(host).expect("somebody listens");
    assert!(ask(&mut clear, get).is_err(), "no page in clear");

    // In the middle of being renewed the files don't belong together: the old certificate goes on being shown.
    write(&office.path("tls.crt"), &second.cert.pem());
    pages.signal(Signal::HUP);
    until("the error is told", || pages.said().contains("goes on being shown").then_some(()));
    drop(by_tls(host, &first_der).expect("the old one is shown"));
    write(&office.path("tls.key"), &second.signing_key.serialize_pem());
    pages.signal(Signal::HUP);
    until("the new one is shown", || by_tls(host, &second_der).ok());
    assert!(by_tls(host, &first_der).is_err(), "the old one is gone");
    assert_eq!(ask(&mut kept, get).expect("who was connected stays so").status, 200);
    drop(kept);
    pages.end();
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_in_both_languages() {
    let office = Office::new();
    let (one, other) = (certificate(), certificate());
    write(&office.path("a.crt"), &one.cert.pem());
    write(&office.path("b.key"), &other.signing_key.serialize_pem());
    let cases = [
        (Some("a.crt"), None, ["要一起给出", "go together"]),
        (Some("a.crt"), Some("none.key"), ["请检查路径", "See that it is there"]),
        (Some("a.crt"), Some("b.key"), ["不是", "is not the key of"]),
        (Some("a.crt"), Some("a.crt"), ["没有可用的私钥", "no private key to be used"]),
        (Some("b.key"), Some("b.key"), ["没有证书", "no certificate in"]),
    ];
    for (certificate, key, told) in cases {
        for (lang, told) in ["zh", "en"].into_iter().zip(told) {
            let mut command = office.issuer(&["serve", "--listen", "127.0.0.1:0", "--lang", lang]);
            for (flag, name) in [("--tls-certificate", certificate), ("--tls-key", key)] {
                name.map(|name| command.arg(flag).arg(office.path(name)));
            }
            let output = command.output().expect("the issuer starts");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                !output.status.success() && said.contains(told),
                "{certificate:?} {key:?} {lang}: {said}"
            );
        }
    }
    // The same by the file, which the environment comes before.
    write(
        &office.path("data/issuer.toml"),
        "tls_certificate = \"/nowhere.crt\"\ntls_key = \"/nowhere.key\"\n",
    );
    let output = office.issuer(&["serve"]).output().expect("the issuer starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere.crt"));
    let output = office.issuer(&["serve"]).env("SANSE_TLS_CERTIFICATE", "/elsewhere.crt").output();
    let output = output.expect("the issuer starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("/elsewhere.crt"));
}

/// A form on its way to `/sign-in`, whose second half is still to come: the program has begun to read it.
const SENT_IN_TWO: &str = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                           Content-Length: 17\r\nExpect: 100-continue\r\n\r\n";

#[test]
fn an_office_answers_what_is_under_way_and_ends() {
    let office = Office::new();
    let pages = AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]));
    let host = pages.host().to_owned();
    let mut under_way = plain(&host).expect("somebody listens");
    assert_eq!(ask(&mut under_way, SENT_IN_TWO).expect("the form is wanted").status, 100);
    under_way.write_all(b"name=x&p").expect("half of it goes");
    let idle = plain(&host).expect("somebody listens");
    pages.signal(Signal::TERM);
    until("nobody is let in any more", || plain(&host).is_err().then_some(()));
    // What is under way is finished: nobody of this name may sign in.
    under_way.write_all(b"assword=y").expect("it is still wanted");
    let answered = answer(&mut under_way).expect("it is answered");
    assert_eq!((answered.status, answered.header("connection")), (401, Some("close")));
    pages.wait_for_its_end();
    drop(idle);
}

#[test]
fn an_office_does_not_wait_for_ever() {
    let office = Office::new();
    let pages = AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]));
    let mut under_way = plain(pages.host()).expect("somebody listens");
    assert_eq!(ask(&mut under_way, SENT_IN_TWO).expect("the form is wanted").status, 100);
    pages.signal(Signal::INT);
    // It ends although the form never comes: after ten seconds.
    pages.wait_for_its_end();
    assert!(answer(&mut under_way).is_err(), "it was given up");
}
