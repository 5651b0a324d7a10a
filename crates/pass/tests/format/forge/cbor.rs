//! CBOR by hand (RFC 8949 §3), well formed and badly formed: what the crate's own writer would never write.

pub(crate) const UINT: u8 = 0;
pub(crate) const BYTES: u8 = 2;
pub(crate) const TEXT: u8 = 3;
pub(crate) const ARRAY: u8 = 4;
pub(crate) const MAP: u8 = 5;
pub(crate) const TAG: u8 = 6;
/// Ends an indefinite length.
pub(crate) const BREAK: u8 = 0xFF;

/// The head of an item in its shortest form.
pub(crate) fn head(major: u8, value: u64) -> Vec<u8> {
    match value {
        0..24 => vec![major << 5 | value as u8],
        24..0x100 => head_of_width(major, value, 1),
        0x100..0x1_0000 => head_of_width(major, value, 2),
        0x1_0000..0x1_0000_0000 => head_of_width(major, value, 4),
        _ => head_of_width(major, value, 8),
    }
}

/// The head with its number in this many bytes, more than it needs perhaps.
pub(crate) fn head_of_width(major: u8, value: u64, width: usize) -> Vec<u8> {
    let info = 24 + width.ilog2() as u8;
    [&[major << 5 | info], &value.to_be_bytes()[8 - width..]].concat()
}

/// The head of a length that is not told.
pub(crate) fn indefinite(major: u8) -> Vec<u8> {
    vec![major << 5 | 31]
}

pub(crate) fn int(value: i64) -> Vec<u8> {
    match u64::try_from(value) {
        Ok(value) => head(UINT, value),
        Err(_) => head(1, value.unsigned_abs() - 1),
    }
}

pub(crate) fn bytes(content: &[u8]) -> Vec<u8> {
    [head(BYTES, content.len() as u64).as_slice(), content].concat()
}

/// As [`bytes`], the length in eight bytes.
pub(crate) fn bytes_with_long_length(content: &[u8]) -> Vec<u8> {
    [head_of_width(BYTES, content.len() as u64, 8).as_slice(), content].concat()
}

/// As [`bytes`], in one chunk of an indefinite length.
pub(crate) fn bytes_in_chunks(content: &[u8]) -> Vec<u8> {
    [indefinite(BYTES), bytes(content), vec![BREAK]].concat()
}

pub(crate) fn text(content: &str) -> Vec<u8> {
    [head(TEXT, content.len() as u64).as_slice(), content.as_bytes()].concat()
}

/// Items one after the other, to be changed in one place.
#[derive(Clone)]
pub(crate) struct Items(pub(crate) Vec<Vec<u8>>);

impl Items {
    /// With another item at this place.
    pub(crate) fn with(mut self, at: usize, item: Vec<u8>) -> Self {
        self.0[at] = item;
        self
    }

    /// With one more item at the end.
    pub(crate) fn and(mut self, item: Vec<u8>) -> Self {
        self.0.push(item);
        self
    }

    /// Without the items from this place on.
    pub(crate) fn up_to(mut self, at: usize) -> Self {
        self.0.truncate(at);
        self
    }

    /// With two entries of a map in each other's place: each a key and its value.
    pub(crate) fn exchanged(mut self, first: usize, second: usize) -> Self {
        self.0.swap(first, second);
        self.0.swap(first + 1, second + 1);
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.concat()
    }
}
