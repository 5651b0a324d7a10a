//! Tells the program what it is built for, so that it takes updates for that alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = std::env::var("TARGET").expect("cargo names the target to build scripts");
    println!("cargo::rustc-env=SANSE_TARGET={target}");
}
