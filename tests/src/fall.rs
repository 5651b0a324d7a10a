//! A PostgreSQL server that falls and rises.

use std::io::{BufRead, Write};

use crate::postgres::Postgres;

/// Ends the server at once, in the middle of whatever it does, and waits until it is there again.
///
/// # Panics
/// When it does not come back.
pub fn fall_and_rise(server: &Postgres) {
    let mut talk = server.talk.lock().expect("no test has failed with it");
    let (Some(input), output) = &mut *talk else { unreachable!("it is taken at the end only") };
    input.write_all(b"again\n").expect("the keeper listens");
    let mut line = String::new();
    let _ = output.read_line(&mut line).expect("a path is text");
    assert!(!line.is_empty(), "PostgreSQL did not start; it said why above");
}
