//! The program at the gate: it scans passes, judges them by what the office signed, logs every verdict, and shows it.

pub mod journal;
