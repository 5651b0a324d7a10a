//! Writes the vectors of `tests/vectors` anew, and removes those that are no longer made.

#[path = "../tests/format/forge/mod.rs"]
mod forge;

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(&folder)? {
        fs::remove_file(entry?.path())?;
    }
    let mut count = 0;
    for (name, content) in forge::files() {
        fs::write(folder.join(name), content)?;
        count += 1;
    }
    println!("{count} files in {}", folder.display());
    Ok(())
}
