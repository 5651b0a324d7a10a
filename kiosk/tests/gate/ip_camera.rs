//! A camera on the network: a real HTTP server that behaves and misbehaves, before a real gate.

use std::io::{Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use image::{GrayImage, ImageFormat};
use md5::{Digest, Md5};
use pass::Colour;

use crate::office::{Office, set_up};
use crate::process::{Process, journal};

/// What the camera does when it is asked.
#[derive(Clone)]
enum Mood {
    /// Answers with these bytes, and hangs up.
    Says(Vec<u8>),
    /// Answers with these bytes, and then with nothing.
    Stalls(Vec<u8>),
    /// Wants the password in this way before it answers with these bytes.
    Locked { by: Lock, bytes: Vec<u8> },
    /// Streams these pictures over and over, with or without their lengths.
    Streams { pictures: Vec<Vec<u8>>, lengths: bool },
}

#[derive(Clone, Copy)]
enum Lock {
    /// RFC 7617.
    Basic,
    /// RFC 7616 with MD5, beside the other, with a nonce that serves so often.
    Digest { uses: u32 },
}

impl Lock {
    fn challenge(self) -> &'static str {
        match self {
            Self::Basic => "WWW-Authenticate: Basic realm=\"camera\"\r\n",
            Self::Digest { .. } => {
                "WWW-Authenticate: Basic realm=\"camera\"\r\n\
                 WWW-Authenticate: Digest realm=\"camera, east\", qop=\"auth\", nonce=\"b2f1c0\", stale=true\r\n"
            }
        }
    }

    fn opens(self, request: &str) -> bool {
        let Some(given) = request.split("\r\n").find_map(|line| line.strip_prefix("authorization: ")) else {
            return false;
        };
        let Self::Digest { uses } = self else { return given == "Basic YWRtaW46c0BjcmV0" };
        let field = |name: &str| {
            let mut fields =
                given.strip_prefix("Digest ")?.split(", ").filter_map(|field| field.split_once('='));
            fields.find(|(is, _)| *is == name).map(|(_, value)| value.trim_matches('"').to_owned())
        };
        let md5 = |text: String| format!("{:x}", Md5::digest(text));
        let (Some(count), Some(client)) = (field("nc"), field("cnonce")) else { return false };
        let who = md5("admin:camera, east:s@cret".to_owned());
        let what = md5("GET:/video?pwd=s%40cret".to_owned());
        field("response") == Some(md5(format!("{who}:b2f1c0:{count}:{client}:auth:{what}")))
            && field("uri").as_deref() == Some("/video?pwd=s%40cret")
            && u32::from_str_radix(&count, 16).is_ok_and(|count| count <= uses)
    }
}

struct Camera {
    address: String,
    mood: Arc<Mutex<Mood>>,
    /// What it was asked, oldest first.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Camera {
    fn open(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (mood, asked) = (Arc::new(Mutex::new(mood)), Arc::new(Mutex::new(Vec::new())));
        let (moods, log) = (mood.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (moods, log) = (moods.clone(), log.clone());
                // Whoever asks may hang up at any time.
                std::thread::spawn(move || drop(answer(stream.unwrap(), &moods, &log)));
            }
        });
        Self { address, mood, asked }
    }

    fn change(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn answer(mut stream: TcpStream, moods: &Mutex<Mood>, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let request = String::from_utf8(request).unwrap();
    log.lock().unwrap().push(request.clone());
    let mood = moods.lock().unwrap().clone();
    match mood {
        Mood::Locked { by, bytes } if by.opens(&request) => stream.write_all(&bytes),
        Mood::Locked { by, .. } => {
            let head = format!("HTTP/1.1 401 Unauthorized\r\n{}Content-Length: 0\r\n\r\n", by.challenge());
            stream.write_all(head.as_bytes())
        }
        Mood::Says(bytes) => stream.write_all(&bytes),
        Mood::Stalls(bytes) => {
            stream.write_all(&bytes)?;
            // Until the other side has had enough.
            stream.read_exact(&mut byte)
        }
        Mood::Streams { pictures, lengths } => {
            stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--aim\r\n\r\n",
            )?;
            let same = |now: &Mood| matches!(now, Mood::Streams { pictures: now, .. } if *now == pictures);
            for picture in pictures.iter().cycle() {
                if !same(&moods.lock().unwrap()) {
                    break;
                }
                let length =
                    if lengths { format!("Content-Length: {}\r\n", picture.len()) } else { String::new() };
                stream.write_all(format!("--aim\r\nContent-Type: image/jpeg\r\n{length}\r\n").as_bytes())?;
                stream.write_all(picture)?;
                stream.write_all(b"\r\n")?;
                std::thread::sleep(Duration::from_millis(30));
            }
            Ok(())
        }
    }
}

fn jpeg_of(text: &str) -> Vec<u8> {
    let drawing = qr::degrade::picture_of(&qr::encode(text).unwrap(), 5, 4).unwrap();
    jpeg(drawing.width(), drawing.height(), drawing.luma().to_vec())
}

fn blank() -> Vec<u8> {
    jpeg(320, 240, vec![128; 320 * 240])
}

fn jpeg(width: usize, height: usize, luma: Vec<u8>) -> Vec<u8> {
    let image = GrayImage::from_raw(width as u32, height as u32, luma).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn says(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\r\n\r\n", body].concat()
}

fn still(picture: &[u8]) -> Mood {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}", picture.len());
    Mood::Says(says(&head, picture))
}

#[test]
fn a_camera_on_the_network_is_read_through_every_mood() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    // What is wrong with the camera takes the screen as soon as the verdict has left it.
    std::fs::write(dir.path().join("kiosk.toml"), "admit_seconds = 0.1").unwrap();
    let stream = |text: &str, lengths| Mood::Streams { pictures: vec![jpeg_of(text)], lengths };
    let camera = Camera::open(still(&blank()));
    let url = format!("http://admin:s%40cret@{}/video?pwd=s%40cret", camera.address);
    let gate = Process::run(dir.path(), &["--ip-camera", &url]);
    gate.see(&["\"kind\":\"ready\"", "IP camera", "<dd>working</dd>"]);
    // Nobody has asked for the password.
    assert!(!camera.asked.lock().unwrap().concat().contains("authorization"));

    // Another code: a quiet hint for as long as it is there, and no event.
    camera.change(still(&jpeg_of("https://pay.example/1")));
    gate.see(&["\"kind\":\"hint\"", "<dd>0</dd>"]);
    camera.change(Mood::Streams { pictures: vec![blank(), blank()], lengths: true });
    gate.see(&["\"kind\":\"ready\"", "<dd>0</dd>"]);

    let mut passes = (1..).map(|index| office.pass(index, Colour::Green));
    let mut next = || passes.next().unwrap();
    let html = says("HTTP/1.1 200 OK\r\nContent-Type: text/html", b"<html>");
    let status =
        |status: &str, more: &str| says(&format!("HTTP/1.1 {status}{more}\r\nContent-Length: 0"), b"");
    let multipart = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=aim";
    let bad: Vec<(Mood, &str)> = vec![
        (Mood::Says(status("401 Unauthorized", "")), "name and password"),
        (Mood::Says(status("404 Not Found", "")), "404"),
        (Mood::Says(status("302 Found", "\r\nLocation: http://elsewhere.example/")), "elsewhere"),
        (Mood::Says(status("302 Found", "\r\nLocation: /again")), "elsewhere"),
        (Mood::Says(html), "text/html"),
        (Mood::Says(b"nonsense\r\n\r\n".to_vec()), "invalid HTTP"),
        (Mood::Says(says(multipart, b"--aim\r\nContent-Length: 99999999\r\n\r\n")), "too large"),
        (Mood::Says(says(multipart, b"--aim\r\nno field\r\n\r\n")), "boundary"),
        (Mood::Says(says(multipart, b"--aim\r\n\r\n\xFF\xD8half a pict")), "ended"),
        (Mood::Stalls(says(multipart, b"--aim\r\n\r\n\xFF\xD8half a pict")), "for 8 seconds"),
        (still(b"\xFF\xD8 garbage"), "the last one:"),
    ];
    for (round, (mood, why)) in bad.into_iter().enumerate() {
        let card = next();
        camera.change(stream(&card, round % 2 == 0));
        let event = gate.event();
        assert_eq!(
            (event["verdict"].as_str(), event["sequence"].as_u64()),
            (Some("admit"), Some(round as u64 + 1))
        );
        camera.change(mood);
        gate.see(&["no picture", why]);
    }
    // A camera that wants the password gets it as it asks; where it takes a digest, never as it is.
    for by in [Lock::Digest { uses: 3 }, Lock::Basic] {
        camera.asked.lock().unwrap().clear();
        let Mood::Says(bytes) = still(&jpeg_of(&next())) else { unreachable!("a still is said") };
        camera.change(Mood::Locked { by, bytes });
        assert_eq!(gate.event()["verdict"], "admit");
        gate.see(&["\"kind\":\"ready\"", "<dd>working</dd>"]);
        let asked = camera.asked.lock().unwrap().concat();
        assert_eq!(asked.contains("authorization: Basic "), matches!(by, Lock::Basic), "{asked}");
    }
    // It comes back as stills as well as a stream.
    camera.change(still(&jpeg_of(&next())));
    assert_eq!(gate.event()["verdict"], "admit");
    gate.see(&["\"kind\":\"ready\"", "<dd>working</dd>"]);
    assert!(!gate.said().contains("cret"), "{}", gate.said());
    assert_eq!(gate.stop().len(), 0);
    assert_eq!(journal(dir.path()).len(), 14);
}
