//! The gate from outside: its commands as real processes, its page over a real socket.

mod commands;
mod office;
mod page;
