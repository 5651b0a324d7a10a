//! Initials of a name in pinyin, by which staff find people: 张小明 is `zxm`, John Smith is `js`.
//!
//! Made where full names are known; only the letters leave. A character that is read in several ways gives several.

use pinyin::{ToPinyin, ToPinyinMulti};

use crate::FullName;
use crate::text::{is_han, tidy};

/// No name gives more: the likeliest readings come first.
const MOST: usize = 4;

/// Surnames whose reading as a surname is not the usual one of the character, or that are often typed by the usual one: the
/// reading as a surname first (《通用规范汉字字典》; 万俟, 尉迟 and 长孙 are surnames of two characters).
const SURNAMES: &[(&str, &[&str])] = &[
    ("万俟", &["mq", "ws"]),
    ("尉迟", &["yc", "wc"]),
    ("长孙", &["zs", "cs"]),
    ("澹台", &["tt", "dt"]),
    ("单", &["s", "d"]),
    ("曾", &["z", "c"]),
    ("仇", &["q", "c"]),
    ("区", &["o", "q"]),
    ("查", &["z", "c"]),
    ("解", &["x", "j"]),
    ("翟", &["z", "d"]),
    ("盖", &["g"]),
    ("朴", &["p"]),
    ("乐", &["y", "l"]),
    ("种", &["c", "z"]),
    ("重", &["c", "z"]),
    ("秘", &["b", "m"]),
    ("缪", &["m"]),
    ("覃", &["q", "t"]),
    ("员", &["y"]),
    ("繁", &["p", "f"]),
    ("折", &["s", "z"]),
    ("召", &["s", "z"]),
    ("车", &["c", "j"]),
    ("郗", &["x", "c"]),
    ("谌", &["c", "s"]),
    ("沈", &["s", "c"]),
    ("祭", &["z", "j"]),
    ("晟", &["c", "s"]),
    ("宓", &["m", "f"]),
    ("句", &["g", "j"]),
    ("黑", &["h"]),
    ("隗", &["w", "k"]),
    ("郇", &["x", "h"]),
    ("尉", &["w", "y"]),
];

/// The initials of a name, small letters a to z, the likeliest first; several where the name can be read in several ways.
/// None for a name without a letter that has one.
#[must_use]
pub fn initials(name: &FullName) -> Vec<String> {
    // Remarks are no part of a name: 张伟(大).
    let name = name.reveal().split(['(', '[', '【', '〔']).map(str::trim).find(|part| !part.is_empty());
    let name = name.unwrap_or_default();
    let mut ways = if name.contains(is_han) { of_characters(name) } else { vec![of_words(name)] };
    ways.retain(|way| !way.is_empty());
    ways
}

/// What staff may type of a name, in small letters: its end from any character on, its initials, its whole pinyin
/// (张小明: `张小明`, `小明`, `明`, `zxm`, `zhangxiaoming`). Whoever's term begins with what was typed is found.
#[must_use]
pub fn search_terms(name: &str) -> Vec<String> {
    let small: String = tidy(name).to_lowercase().chars().take(FullName::MAX_CHARS).collect();
    let mut terms: Vec<String> = small.char_indices().map(|(at, _)| small[at..].to_owned()).collect();
    terms.retain(|term| !term.starts_with(' '));
    if name.contains(is_han) {
        if let Ok(name) = FullName::new(name) {
            terms.extend(initials(&name));
        }
        terms.push(whole_pinyin(&small));
    }
    terms.retain(|term| !term.is_empty());
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The usual reading of every character; a Latin letter is its own. `ü` is `v`, as people type it.
fn whole_pinyin(name: &str) -> String {
    let mut pinyin = String::new();
    for character in name.chars() {
        match character.to_pinyin() {
            Some(one) => pinyin.push_str(&one.plain().replace('ü', "v")),
            None if character.is_ascii_alphanumeric() => pinyin.push(character),
            None => {}
        }
    }
    pinyin
}

fn of_characters(name: &str) -> Vec<String> {
    let surname = SURNAMES.iter().find(|(surname, _)| name.starts_with(surname));
    let (mut ways, given) = match surname {
        Some((surname, ways)) => (ways.iter().map(|way| (*way).to_owned()).collect(), &name[surname.len()..]),
        None => (vec![String::new()], name),
    };
    for character in given.chars() {
        let readings = readings(character);
        if readings.is_empty() {
            continue;
        }
        let mut longer: Vec<String> = Vec::new();
        // All names with the first reading before any with the second: what is cut off is the unlikeliest.
        for reading in &readings {
            longer.extend(ways.iter().map(|way| format!("{way}{reading}")));
        }
        longer.truncate(MOST);
        ways = longer;
    }
    ways
}

/// First letters of a character, the usual reading first; a Latin letter is its own.
fn readings(character: char) -> Vec<char> {
    if character.is_ascii_alphabetic() {
        return vec![character.to_ascii_lowercase()];
    }
    let first = |plain: &str| plain.chars().next().map(plain_letter);
    let mut letters: Vec<char> =
        character.to_pinyin().and_then(|one| first(one.plain())).into_iter().collect();
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        let letter = first(reading.plain()).filter(|letter| !letters.contains(letter));
        letters.extend(letter);
    }
    // Rare readings of common characters would find the wrong people.
    letters.truncate(2);
    letters
}

/// The first letter of every word.
fn of_words(name: &str) -> String {
    let letters = name.split([' ', '-', '·', '\'']).filter_map(|word| word.chars().next());
    letters.map(plain_letter).filter(char::is_ascii_lowercase).collect()
}

/// The letter without its marks: `Ü` is `u`, `é` is `e`.
fn plain_letter(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'ş' | 'š' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ł' => 'l',
        'ğ' => 'g',
        'ř' => 'r',
        'đ' => 'd',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_initials() {
        for (name, wanted) in [
            ("张小明", &["zxm"][..]),
            ("李红", &["lh"]),
            ("单雄信", &["sxx", "dxx"]),
            ("曾国", &["zg", "cg"]),
            ("仇英", &["qy", "cy"]),
            ("区伟", &["ow", "qw"]),
            ("查理", &["zl", "cl"]),
            ("解放", &["xf", "jf"]),
            ("万俟咏", &["mqy", "wsy"]),
            ("欧阳修", &["oyx"]),
            ("张伟(大)", &["zw"]),
            ("张　明", &["zm"]),
            ("阿卜杜拉·买买提", &["abdlmmt"]),
            ("张A明", &["zam"]),
            ("John Smith", &["js"]),
            ("Maria del Carmen López", &["mdcl"]),
            ("Ünal Öz", &["uo"]),
            ("Анна", &[]),
        ] {
            let found = initials(&FullName::new(name).unwrap());
            assert!(found.len() >= wanted.len(), "{name}: {found:?}");
            assert_eq!(&found[..wanted.len()], wanted, "{name}");
            assert!(
                found.len() <= MOST
                    && found.iter().flat_map(|way| way.bytes()).all(|b| b.is_ascii_lowercase())
            );
            assert_eq!(found.is_empty(), wanted.is_empty(), "{name}: {found:?}");
        }
    }

    #[test]
    fn what_is_typed_of_a_name() {
        for (name, wanted) in [
            ("张小明", &["zhangxiaoming", "zxm", "小明", "张小明", "明"][..]),
            ("鄂A12345", &["12345", "a12345", "ea12345", "鄂a12345"]),
            ("John Smith", &["john smith", "smith"]),
            ("吕", &["l", "lv", "吕"]),
        ] {
            let terms = search_terms(name);
            for term in wanted {
                assert!(terms.iter().any(|known| known == term), "{name}: {term} in {terms:?}");
            }
        }
        assert_eq!(search_terms(" "), Vec::<String>::new());
    }

    #[test]
    fn any_name_gives_few_and_short_ones() {
        use proptest::prelude::*;
        proptest!(|(text in "\\PC{1,70}")| {
            if let Ok(name) = FullName::new(&text) {
                let found = initials(&name);
                prop_assert!(found.len() <= MOST);
                prop_assert!(found.iter().all(|way| way.len() <= 64 && way.bytes().all(|b| b.is_ascii_lowercase())));
            }
        });
    }
}
