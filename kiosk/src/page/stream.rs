//! What the camera sees as MJPEG: JPEGs one after the other in one answer (multipart/x-mixed-replace), for as long as
//! somebody looks; of one eye, by its place among the gate's. A viewer who is slow misses pictures.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Receiving;
use crate::screen::Screen;
use serde::Deserialize;

/// Stands between the parts; no JPEG has it in its text.
const BOUNDARY: &str = "--sanse-gate-picture\r\n";

/// Which eye is looked through.
#[derive(Deserialize)]
pub(super) struct Through {
    #[serde(default)]
    eye: usize,
}

pub(super) async fn preview(State(screen): State<Screen>, Query(through): Query<Through>) -> Response {
    if through.eye >= screen.watch().borrow().eyes.len().max(1) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut pictures = screen.preview(through.eye).look();
    let (send, receive) = tokio::sync::mpsc::channel::<Result<Bytes, Infallible>>(1);
    tokio::spawn(async move {
        let mut part = BOUNDARY.as_bytes().to_vec();
        loop {
            let picture = pictures.borrow_and_update().clone();
            if let Some(jpeg) = picture {
                let length = jpeg.len();
                let head = format!("Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n");
                // The boundary after it says that the picture is whole: it is shown now.
                part.extend_from_slice(&[head.as_bytes(), &jpeg, b"\r\n", BOUNDARY.as_bytes()].concat());
                if send.send(Ok(Bytes::from(std::mem::take(&mut part)))).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                changed = pictures.changed() => if changed.is_err() { return },
                () = send.closed() => return,
                () = screen.ended() => return,
            }
        }
    });
    let kind = "multipart/x-mixed-replace; boundary=sanse-gate-picture";
    ([(header::CONTENT_TYPE, kind)], Body::from_stream(Receiving(receive))).into_response()
}
