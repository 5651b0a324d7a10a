//! Tells Cargo that a new migration means a new build: the migrations are compiled into the crate.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
