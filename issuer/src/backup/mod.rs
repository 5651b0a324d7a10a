//! A backup: the whole registry in one file, whichever database it came from.
//!
//! Inside, lines of JSON, packed by gzip: the first names the form, then each table's name and columns, its rows as arrays, and a
//! last line with their number, without which a backup is not whole. Where the office has a passphrase, all of it is sealed.
//! Keys are not in it: they have their recovery sheet.

mod seal;

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use pass::Timestamp;
use serde_json::{Value, json};
use store::{Cell, Piece, Pieces};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use seal::{MAGIC, Opening, Sealing, WrongSeal};

/// What the first line says.
const FORM: &str = "sanse-gate registry";
const VERSION: u64 = 1;
/// No line is longer, in bytes: the longest value is a compound's rules.
const LONGEST_LINE: u64 = 1 << 20;

/// Why a backup can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file can't be read at all.
    #[error(transparent)]
    Io(io::Error),
    /// It is sealed, and no passphrase is at hand.
    #[error("it is encrypted, and no passphrase is at hand")]
    NoPassphrase,
    /// Another passphrase, or bytes that were changed.
    #[error("the passphrase does not open it, or it is damaged")]
    WrongPassphrase,
    /// No backup, or not all of one.
    #[error("it is no backup, or not whole")]
    NotWhole,
    /// Made by a newer program.
    #[error("a newer program made it")]
    Newer,
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        match error.get_ref() {
            Some(inner) if inner.is::<WrongSeal>() => Self::WrongPassphrase,
            _ if matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
            ) =>
            {
                Self::NotWhole
            }
            _ => Self::Io(error),
        }
    }
}

/// A backup that is being written. It takes its name when all of it is on the disk.
pub struct Writing {
    lines: GzEncoder<Output>,
    rows: u64,
}

enum Output {
    Plain(BufWriter<NamedTempFile>),
    Sealed(Box<Sealing<BufWriter<NamedTempFile>>>),
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Sealed(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Sealed(out) => out.flush(),
        }
    }
}

impl Writing {
    /// Begins a backup beside `path`, readable for its owner alone.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn begin(path: &Path, passphrase: Option<&str>, made: Timestamp) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = BufWriter::new(NamedTempFile::new_in(folder)?);
        let output = match passphrase {
            None => Output::Plain(file),
            Some(passphrase) => Output::Sealed(Box::new(Sealing::new(file, passphrase)?)),
        };
        let mut writing = Self { lines: GzEncoder::new(output, Compression::default()), rows: 0 };
        writing.line(&json!({ "form": FORM, "version": VERSION, "made": made.0 }))?;
        Ok(writing)
    }

    /// Adds a piece of the registry.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn piece(&mut self, piece: Piece) -> io::Result<()> {
        match piece {
            Piece::Table { name, columns } => self.line(&json!({ "table": name, "columns": columns })),
            Piece::Row(cells) => {
                self.rows += 1;
                let cell = |cell| match cell {
                    Cell::Empty => Value::Null,
                    Cell::Number(number) => number.into(),
                    Cell::Text(text) => text.into(),
                };
                self.line(&Value::Array(cells.into_iter().map(cell).collect()))
            }
        }
    }

    /// Ends it, reads all of it back, and gives it its name.
    ///
    /// # Errors
    /// When the disk is full or fails, or gives back something else.
    pub fn finish(mut self, path: &Path, passphrase: Option<&str>) -> Result<(), BackupError> {
        self.line(&json!({ "rows": self.rows }))?;
        let out = match self.lines.finish()? {
            Output::Plain(out) => out,
            Output::Sealed(sealing) => sealing.finish()?,
        };
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        for piece in Reading::open(file.path(), passphrase)? {
            piece?;
        }
        file.persist(path).map_err(|error| BackupError::Io(error.error))?;
        Ok(())
    }

    fn line(&mut self, value: &Value) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, value)?;
        self.lines.write_all(b"\n")
    }
}

/// Whether a backup takes a passphrase to be read.
///
/// # Errors
/// When the file can't be read.
pub fn is_sealed(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start == MAGIC)
}

/// The pieces of a backup; an error where it isn't whole.
pub struct Reading {
    lines: BufReader<GzDecoder<Box<dyn Read + Send>>>,
    rows: u64,
    ended: bool,
}

impl Reading {
    /// Begins to read.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn open(path: &Path, passphrase: Option<&str>) -> Result<Self, BackupError> {
        let sealed = is_sealed(path).map_err(BackupError::Io)?;
        let file = BufReader::new(File::open(path).map_err(BackupError::Io)?);
        let input: Box<dyn Read + Send> = match (sealed, passphrase) {
            (false, _) => Box::new(file),
            (true, Some(passphrase)) => Box::new(Opening::new(file, passphrase)?),
            (true, None) => return Err(BackupError::NoPassphrase),
        };
        let mut reading = Self { lines: BufReader::new(GzDecoder::new(input)), rows: 0, ended: false };
        let head = reading.line()?;
        if head["form"] != FORM {
            return Err(BackupError::NotWhole);
        }
        if head["version"] != VERSION {
            return Err(BackupError::Newer);
        }
        Ok(reading)
    }

    /// The same as the store takes them, read anew each time it asks.
    pub fn source(
        path: PathBuf,
        passphrase: Option<Zeroizing<String>>,
    ) -> impl Fn() -> Box<Pieces<'static>> + Send + Sync {
        move || {
            let boxed = |error: BackupError| -> Box<dyn Error + Send + Sync> { Box::new(error) };
            match Self::open(&path, passphrase.as_ref().map(|text| text.as_str())) {
                Ok(reading) => Box::new(reading.map(move |piece| piece.map_err(boxed))),
                Err(error) => Box::new(std::iter::once(Err(boxed(error)))),
            }
        }
    }

    fn line(&mut self) -> Result<Value, BackupError> {
        let mut line = Vec::new();
        self.lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(BackupError::NotWhole);
        }
        serde_json::from_slice(&line).map_err(|_| BackupError::NotWhole)
    }

    fn piece(&mut self) -> Result<Option<Piece>, BackupError> {
        match self.line()? {
            Value::Array(cells) => {
                self.rows += 1;
                let cells = cells.into_iter().map(cell).collect::<Option<_>>();
                cells.map(|cells| Some(Piece::Row(cells))).ok_or(BackupError::NotWhole)
            }
            Value::Object(object) => match (object.get("table"), object.get("columns"), object.get("rows")) {
                (Some(Value::String(name)), Some(Value::Array(columns)), None) => {
                    let columns = columns.iter().map(|column| column.as_str().map(str::to_owned));
                    let columns = columns.collect::<Option<_>>().ok_or(BackupError::NotWhole)?;
                    Ok(Some(Piece::Table { name: name.clone(), columns }))
                }
                (None, None, Some(rows)) if rows.as_u64() == Some(self.rows) => {
                    // To the very end: what packs and seals it checks the whole there.
                    match self.lines.read(&mut [0])? {
                        0 => Ok(None),
                        _ => Err(BackupError::NotWhole),
                    }
                }
                _ => Err(BackupError::NotWhole),
            },
            _ => Err(BackupError::NotWhole),
        }
    }
}

impl Iterator for Reading {
    type Item = Result<Piece, BackupError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let piece = self.piece().transpose();
        self.ended = !matches!(piece, Some(Ok(_)));
        piece
    }
}

fn cell(value: Value) -> Option<Cell> {
    match value {
        Value::Null => Some(Cell::Empty),
        Value::Number(number) => number.as_i64().map(Cell::Number),
        Value::String(text) => Some(Cell::Text(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Vec<Piece> {
        let row = |number| Piece::Row(vec![Cell::Number(number), Cell::Text("张\n\"伟".into()), Cell::Empty]);
        let columns = ["number", "name", "phone"].map(str::to_owned).to_vec();
        let mut pieces = vec![Piece::Table { name: "holders".into(), columns }];
        pieces.extend((0..2000).map(row));
        pieces
    }

    fn written(path: &Path, passphrase: Option<&str>) {
        let mut writing = Writing::begin(path, passphrase, Timestamp(1_583_020_800)).unwrap();
        pieces().into_iter().for_each(|piece| writing.piece(piece).unwrap());
        writing.finish(path, passphrase).unwrap();
    }

    fn read(path: &Path, passphrase: Option<&str>) -> Result<Vec<Piece>, BackupError> {
        Reading::open(path, passphrase)?.collect()
    }

    #[test]
    fn what_goes_in_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup");
        for passphrase in [None, Some("secret")] {
            written(&path, passphrase);
            assert_eq!(read(&path, passphrase).unwrap(), pieces());
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(is_sealed(&path).unwrap(), passphrase.is_some());
            // Cut off anywhere, or changed anywhere but in gzip's own notes, it is refused.
            for length in [0, 7, 20, bytes.len() / 2, bytes.len() - 1] {
                std::fs::write(&path, &bytes[..length]).unwrap();
                assert!(read(&path, passphrase).is_err(), "{length}");
            }
            for at in [0, bytes.len() / 2, bytes.len() - 1] {
                let mut changed = bytes.clone();
                changed[at] ^= 0x10;
                std::fs::write(&path, &changed).unwrap();
                assert!(read(&path, passphrase).is_err(), "{at}");
            }
        }
        written(&path, Some("secret"));
        assert!(matches!(read(&path, None), Err(BackupError::NoPassphrase)));
        assert!(matches!(read(&path, Some("Secret")), Err(BackupError::WrongPassphrase)));
        assert!(!std::fs::read_dir(folder.path()).unwrap().any(|file| file.unwrap().path() != path));
    }
}
