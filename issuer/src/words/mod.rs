//! Everything the issuer says to people, in both languages side by side: one file for each topic, keyed by enums, so
//! that no sentence is missing in one of them. The rest of the program holds no sentence.

pub(crate) mod api;
pub(crate) mod backup;
pub(crate) mod board;
pub(crate) mod books;
pub(crate) mod building;
pub(crate) mod cards;
pub mod cli;
pub(crate) mod correct;
pub mod decide;
pub(crate) mod gates;
pub(crate) mod invite;
pub mod keys;
pub(crate) mod lists;
pub(crate) mod notices;
pub(crate) mod office;
pub(crate) mod passages;
pub(crate) mod passes;
pub(crate) mod people;
pub(crate) mod print;
pub(crate) mod programs;
pub mod retention;
pub mod roster;
pub(crate) mod rules;
pub(crate) mod serve;
pub mod store;
pub(crate) mod today;
pub(crate) mod trust;
pub(crate) mod web;

pub use wording::Language;
