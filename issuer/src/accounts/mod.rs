//! Who works in the office: passwords, second factors, and the tokens of sessions. Knows no page and no table.

mod password;
mod second;
mod token;

pub use password::{Password, PasswordError, WORST};
pub use second::{Recovery, Second, SecondError};
pub use token::Token;
