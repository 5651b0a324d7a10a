//! The community office's program: registers residents, signs and prints passes, and hands gates what they judge by.
//!
//! A library with a thin `main`. Knows no camera and no journal.

pub mod accounts;
mod api;
pub mod backup;
mod bundles;
mod cards;
mod carried;
pub mod cli;
pub mod commands;
mod duty;
mod exchange;
pub mod export;
mod files;
mod imports;
mod invite;
pub mod keys;
mod lag;
pub mod metrics;
pub mod office;
mod passages;
pub mod people;
pub mod print;
mod programs;
mod retention;
pub mod roster;
pub mod rules;
mod serving;
mod settings;
mod simulate;
pub mod tls;
pub mod web;
pub mod words;
