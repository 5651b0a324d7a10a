//! Which holders a search means, and which of them are on the page that is asked for.
//!
//! Where few carry the text, they are gathered and put in order. Where very many do, their places are walked in order until the page
//! is full: gathering 25,000 to show 60 would take too long, and among so many the next one is never far.

use std::fmt::Write;

use pass::{Serial, Timestamp};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Arguments, AssertSqlSafe};

use crate::listing::{Count, Page, PassSought, Search, like};
use crate::row::Columns;
use crate::{Store, StoreError, place, search};

/// So many are gathered and put in order; where there are more, they are walked.
const GATHERED: usize = 2_000;

/// A search as it is put to the database.
pub(crate) struct Sought {
    text: Option<Text>,
    /// Between which places, the second excluded.
    stretch: Option<(String, String)>,
    /// An account with several compounds.
    account: Option<String>,
    /// A building that several compounds have, and perhaps one of its units.
    building: Option<(String, Option<String>)>,
    colour: Option<&'static str>,
    kind: Option<&'static str>,
    pass: Option<PassSought>,
}

/// What was typed.
struct Text {
    /// In capitals.
    capitals: String,
    /// Between which search terms, the second excluded.
    terms: (String, String),
    /// Where it is digits: a pattern for phone numbers.
    phone: Option<String>,
    serial: Option<String>,
}

/// What is found by its text, each by an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Term,
    Phone,
    Serial,
    Home,
    /// Not by the text: by the newest pass.
    Pass,
}

/// A page, not yet read.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) places: Vec<String>,
    pub(crate) count: Count,
    pub(crate) before: bool,
    pub(crate) after: bool,
}

impl Sought {
    /// Nothing where nobody can be found.
    pub(crate) async fn of(store: &Store, search: &Search) -> Result<Option<Self>, StoreError> {
        let mut compound = search.compound;
        let mut account = None;
        if let Some(within) = &search.within {
            let rows = sqlx::query("SELECT compound FROM account_compounds WHERE account = $1")
                .bind(within)
                .fetch_all(store.pool())
                .await?;
            let theirs = rows.iter().map(|row| row.compound("compound")).collect::<Result<Vec<_>, _>>()?;
            match (compound, &*theirs) {
                (_, []) => return Ok(None),
                (Some(compound), theirs) if !theirs.contains(&compound) => return Ok(None),
                (Some(_), _) => {}
                (None, [one]) => compound = Some(*one),
                (None, _) => account = Some(within.clone()),
            }
        }
        let mut building = search.building.clone().map(|building| (building, search.unit.clone()));
        if let (None, Some((name, _))) = (compound, &building) {
            let rows = sqlx::query("SELECT DISTINCT compound FROM households WHERE building = $1 LIMIT 2")
                .bind(name)
                .fetch_all(store.pool())
                .await?;
            match &*rows {
                [] => return Ok(None),
                [one] => compound = Some(one.compound("compound")?),
                _ => {}
            }
        }
        let beginning = compound.map(|compound| match building.take() {
            None => place::of_compound(compound),
            Some((building, None)) => place::of_building(compound, &building),
            Some((building, Some(unit))) => place::of_unit(compound, &building, &unit),
        });
        let text = registry::tidy(&search.text);
        Ok(Some(Self {
            text: (!text.is_empty()).then(|| Text::of(&text)),
            stretch: beginning.map(|from| (from.clone(), place::end(&from))),
            account,
            building,
            colour: search.colour.map(pass::Colour::code),
            kind: search.kind.map(pass::Kind::code),
            pass: search.pass,
        }))
    }

    /// The page that is asked for.
    pub(crate) async fn places(&self, store: &Store, search: &Search) -> Result<Places, StoreError> {
        let beside = match search.page {
            Page::First => None,
            Page::After(compound, holder) | Page::Before(compound, holder) => {
                let place: Option<String> =
                    sqlx::query_scalar("SELECT place FROM holders WHERE compound = $1 AND number = $2")
                        .bind(i64::from(compound.0))
                        .bind(i64::from(holder))
                        .fetch_optional(store.pool())
                        .await?;
                let Some(place) = place else { return Ok(Places::default()) };
                Some(place)
            }
        };
        let mut by = self.by();
        let mut tried = Vec::new();
        if by.is_empty() {
            // Nothing by which anybody could be gathered.
        } else if self.carried(store, &mut by).await? {
            tried = by;
        } else if by.is_empty() {
            return Ok(cut(Vec::new(), search, beside.as_deref()));
        } else {
            let gathered = self.gather(store, &by).await?;
            if gathered.len() <= GATHERED {
                let mut fit: Vec<String> =
                    gathered.into_iter().filter_map(|(_, place, fits)| fits.then_some(place)).collect();
                fit.sort_unstable();
                fit.dedup();
                return Ok(cut(fit, search, beside.as_deref()));
            }
            tried = by;
            tried.retain(|by| gathered.iter().any(|(found, ..)| found == by));
        }
        self.walk(store, search, &tried, beside.as_deref()).await
    }

    /// By what those found are gathered: by the text, else by a state of passes that few are in.
    fn by(&self) -> Vec<By> {
        match (&self.text, self.pass) {
            (Some(text), _) => {
                let mut by = vec![By::Term, By::Home];
                by.extend(text.phone.is_some().then_some(By::Phone));
                by.extend(text.serial.is_some().then_some(By::Serial));
                by
            }
            (None, Some(_)) => vec![By::Pass],
            _ => Vec::new(),
        }
    }

    /// Whether more are found so than are gathered. Leaves only what somebody is found by. Parts of phone numbers, for which a whole
    /// index is looked through, are not counted twice.
    async fn carried(&self, store: &Store, by: &mut Vec<By>) -> Result<bool, StoreError> {
        let mut asked = Asked::default();
        for (part, by) in by.iter().enumerate().filter(|(_, by)| **by != By::Phone) {
            asked.text(if part == 0 { "" } else { " UNION ALL " });
            let _ = write!(asked.text, "SELECT {part} AS part, COUNT(*) AS count FROM (SELECT ");
            self.source(*by, &mut asked);
            let _ = write!(asked.text, " LIMIT {}) m{part}", GATHERED + 1);
        }
        let mut counts = vec![1; by.len()];
        for row in &asked.fetch(store).await? {
            let (part, count): (usize, usize) = (row.number("part")?, row.number("count")?);
            if let Some(place) = counts.get_mut(part) {
                *place = count;
            }
        }
        let mut of = counts.iter();
        by.retain(|_| of.next().is_some_and(|count| *count > 0));
        Ok(counts.iter().any(|count| *count > GATHERED))
    }

    /// By what, the place, and whether all else is true, of each that is found so; one more than [`GATHERED`] at most of each kind.
    async fn gather(&self, store: &Store, by: &[By]) -> Result<Vec<(By, String, bool)>, StoreError> {
        let mut asked = Asked::default();
        asked.text("SELECT m.part, h.place, CASE WHEN 1 = 1");
        self.demand(&mut asked);
        asked.text(" THEN 1 ELSE 0 END AS fits FROM (");
        for (part, by) in by.iter().enumerate() {
            asked.text(if part == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
            let _ = write!(asked.text, "SELECT {part} AS part, ");
            self.source(*by, &mut asked);
            let _ = write!(asked.text, " LIMIT {}) m{part}", GATHERED + 1);
        }
        asked.text(") m JOIN holders h ON h.compound = m.compound AND h.number = m.holder");
        let rows = asked.fetch(store).await?;
        rows.iter()
            .map(|row| {
                let part: usize = row.number("part")?;
                Ok((by.get(part).copied().unwrap_or(By::Term), row.text("place")?, row.integer("fits")? == 1))
            })
            .collect()
    }

    /// Those who carry the text, each found along an index.
    fn source(&self, by: By, asked: &mut Asked) {
        match (by, &self.text, self.pass) {
            (By::Term, Some(text), _) => {
                asked.text("s.compound, s.holder FROM search_terms s WHERE ");
                text.of_term(asked);
            }
            (By::Phone, Some(Text { phone: Some(pattern), .. }), _) => {
                asked.text("s.compound, s.number AS holder FROM holders s WHERE s.phone LIKE ");
                asked.bind(pattern.clone());
                asked.text(" ESCAPE '\\'");
            }
            (By::Serial, Some(Text { serial: Some(serial), .. }), _) => {
                asked.text("s.compound, s.holder FROM passes s WHERE s.serial = ");
                asked.bind(serial.clone());
            }
            (By::Home, Some(text), _) => {
                asked.text("s.compound, s.number AS holder FROM holders s JOIN (");
                for (at, home) in HOMES.iter().enumerate() {
                    asked.text(if at == 0 { "" } else { " UNION " });
                    let _ =
                        write!(asked.text, "SELECT d.compound, d.number FROM households d WHERE {home} = ");
                    asked.bind(text.capitals.clone());
                }
                asked.text(") d ON s.compound = d.compound AND s.household = d.number");
            }
            (By::Pass, _, Some(PassSought::Stopped)) => {
                asked.text("s.compound, s.holder FROM passes s WHERE s.status IN (1, 2)");
            }
            (By::Pass, _, Some(pass)) => {
                asked.text("s.compound, s.number AS holder FROM holders s WHERE 1 = 1");
                demand_end(pass, "s", asked);
            }
            // Asked for only where it is there.
            _ => {
                asked.text("s.compound, s.holder FROM search_terms s WHERE 1 = 0");
            }
        }
    }

    /// Looks at places in their order until the page is full.
    async fn walk(
        &self,
        store: &Store,
        search: &Search,
        by: &[By],
        beside: Option<&str>,
    ) -> Result<Places, StoreError> {
        let backwards = matches!(search.page, Page::Before(..));
        let limit = usize::try_from(search.limit).unwrap_or(usize::MAX);
        let mut asked = Asked::default();
        asked.text("SELECT h.place FROM holders h WHERE 1 = 1");
        self.demand(&mut asked);
        self.demand_text(by, &mut asked);
        if let Some(beside) = beside {
            asked.text(if backwards { " AND h.place < " } else { " AND h.place > " });
            asked.bind(beside.to_owned());
        }
        let order = if backwards { "DESC" } else { "ASC" };
        let _ = write!(asked.text, " ORDER BY h.place {order} LIMIT {}", limit.saturating_add(1));
        let rows = asked.fetch(store).await?;
        let mut places = rows.iter().map(|row| row.text("place")).collect::<Result<Vec<_>, _>>()?;
        let more = places.len() > limit;
        places.truncate(limit);
        let (before, after) = match search.page {
            Page::First => (false, more),
            Page::After(..) => (true, more),
            Page::Before(..) => (more, true),
        };
        Ok(Places { places, count: self.count(store, by).await?, before, after })
    }

    /// How many there are: no more are looked at than it takes to say so.
    async fn count(&self, store: &Store, by: &[By]) -> Result<Count, StoreError> {
        if let (true, [By::Term], Some(text)) = (self.is_text_alone(), by, &self.text) {
            // Nothing else is asked, and they lie side by side, each a few times.
            let mut asked = Asked::default();
            asked.text("SELECT COUNT(*) AS count FROM (SELECT DISTINCT t.compound, t.holder FROM (");
            asked.text("SELECT s.compound, s.holder FROM search_terms s WHERE ");
            text.of_term(&mut asked);
            let _ = write!(asked.text, " LIMIT {}) t) h", 4 * Count::MOST);
            if let Count::MoreThan(most) = asked.count(store).await? {
                return Ok(Count::MoreThan(most));
            }
        }
        let mut asked = Asked::default();
        asked.text("SELECT COUNT(*) AS count FROM (SELECT h.place FROM holders h WHERE 1 = 1");
        self.demand(&mut asked);
        self.demand_text(by, &mut asked);
        let _ = write!(asked.text, " LIMIT {}) h", Count::MOST + 1);
        asked.count(store).await
    }

    fn is_text_alone(&self) -> bool {
        let Self { text: _, stretch, account, building, colour, kind, pass } = self;
        stretch.is_none()
            && account.is_none()
            && building.is_none()
            && colour.is_none()
            && kind.is_none()
            && pass.is_none()
    }

    /// Everything but the text.
    fn demand(&self, asked: &mut Asked) {
        if let Some((from, to)) = &self.stretch {
            asked.text(" AND h.place >= ");
            asked.bind(from.clone());
            asked.text(" AND h.place < ");
            asked.bind(to.clone());
        }
        if let Some(account) = &self.account {
            asked.text(" AND h.compound IN (SELECT a.compound FROM account_compounds a WHERE a.account = ");
            asked.bind(account.clone());
            asked.text(")");
        }
        if let Some((building, unit)) = &self.building {
            asked.text(" AND EXISTS (SELECT 1 FROM households d WHERE d.compound = h.compound AND d.number = h.household AND d.building = ");
            asked.bind(building.clone());
            if let Some(unit) = unit {
                asked.text(" AND d.unit = ");
                asked.bind(unit.clone());
            }
            asked.text(")");
        }
        for (column, code) in [("colour", self.colour), ("kind", self.kind)] {
            if let Some(code) = code {
                // Our own codes, not bound: so the server knows whether very many or nobody has this one.
                let _ = write!(asked.text, " AND h.{column} = '{code}'");
            }
        }
        self.demand_pass(asked);
    }

    fn demand_pass(&self, asked: &mut Asked) {
        let Some(pass) = self.pass else { return };
        // The sign keeps databases from gathering all of them by that index, to put them in order after: they are walked. Those without
        // a pass lie in their order there.
        demand_end(pass, if pass == PassSought::Missing { "h" } else { "+h" }, asked);
        if pass == PassSought::Missing {
            return;
        }
        asked.text(
            " AND EXISTS (SELECT 1 FROM passes p WHERE p.idx =
                  (SELECT MAX(l.idx) FROM passes l WHERE l.compound = h.compound AND l.holder = h.number) AND ",
        );
        // 1 is withdrawn, 2 suspended, 3 replaced.
        match pass {
            PassSought::Missing => {}
            PassSought::Stopped => asked.text("p.status IN (1, 2)"),
            PassSought::Expired(_) | PassSought::Ending(..) => asked.text("p.status NOT IN (1, 2, 3)"),
            PassSought::Valid(now) => {
                asked.text("p.status NOT IN (1, 2, 3) AND p.not_before <= ");
                asked.bind_time(now);
            }
        }
        asked.text(")");
    }

    /// The text, in the ways in which anybody carries it at all.
    fn demand_text(&self, by: &[By], asked: &mut Asked) {
        let Some(text) = &self.text else { return };
        asked.text(" AND (1 = 0");
        for by in by {
            asked.text(" OR ");
            match by {
                By::Term => {
                    asked.text("EXISTS (SELECT 1 FROM search_terms s WHERE s.compound = h.compound AND s.holder = h.number AND ");
                    text.of_term(asked);
                    asked.text(")");
                }
                By::Phone => {
                    asked.text("h.phone LIKE ");
                    asked.bind(text.phone.clone().unwrap_or_default());
                    asked.text(" ESCAPE '\\'");
                }
                By::Serial => {
                    asked.text("EXISTS (SELECT 1 FROM passes p WHERE p.compound = h.compound AND p.holder = h.number AND p.serial = ");
                    asked.bind(text.serial.clone().unwrap_or_default());
                    asked.text(")");
                }
                By::Home => {
                    asked.text("EXISTS (SELECT 1 FROM households d WHERE d.compound = h.compound AND d.number = h.household AND (1 = 0");
                    for home in HOMES {
                        let _ = write!(asked.text, " OR {home} = ");
                        asked.bind(text.capitals.clone());
                    }
                    asked.text("))");
                }
                By::Pass => asked.text("1 = 1"),
            }
        }
        asked.text(")");
    }
}

/// When the newest pass ends.
fn demand_end(pass: PassSought, holder: &str, asked: &mut Asked) {
    let mut end = |is: &str, at: Timestamp| {
        let _ = write!(asked.text, " AND {holder}.pass_ends {is} ");
        asked.bind_time(at);
    };
    match pass {
        PassSought::Missing => end("=", Timestamp(0)),
        PassSought::Valid(now) => end(">", now),
        PassSought::Ending(now, by) => {
            end(">", now);
            end("<=", by);
        }
        PassSought::Expired(now) => {
            end(">", Timestamp(0));
            end("<=", now);
        }
        PassSought::Stopped => {}
    }
}

/// How a home is written, each with an index of its own.
const HOMES: [&str; 4] =
    ["d.room", "d.building", "d.building || '-' || d.room", "d.building || '-' || d.unit || '-' || d.room"];

impl Text {
    fn of(text: &str) -> Self {
        // From three digits on: fewer would find half the town.
        let digits = text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            capitals: text.to_uppercase(),
            terms: search::range(text),
            phone: digits.then(|| like(text)),
            serial: text.parse::<Serial>().ok().map(|serial| serial.to_string()),
        }
    }

    fn of_term(&self, asked: &mut Asked) {
        asked.text("s.term >= ");
        asked.bind(self.terms.0.clone());
        asked.text(" AND s.term < ");
        asked.bind(self.terms.1.clone());
    }
}

/// The page among all that were found, in their order.
fn cut(all: Vec<String>, search: &Search, beside: Option<&str>) -> Places {
    let limit = usize::try_from(search.limit).unwrap_or(usize::MAX);
    let beside = beside.unwrap_or_default();
    let (from, to) = match search.page {
        Page::First | Page::After(..) => {
            let from = all.partition_point(|place| place.as_str() <= beside);
            (from, from.saturating_add(limit).min(all.len()))
        }
        Page::Before(..) => {
            let to = all.partition_point(|place| place.as_str() < beside);
            (to.saturating_sub(limit), to)
        }
    };
    let (count, before, after) = (Count::of(all.len()), from > 0, to < all.len());
    Places { places: all.into_iter().skip(from).take(to - from).collect(), count, before, after }
}

/// A query that is being written, with its values.
#[derive(Default)]
struct Asked {
    text: String,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Number(i64),
}

impl Asked {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: String) {
        self.values.push(Value::Text(value));
        let _ = write!(self.text, "${}", self.values.len());
    }

    fn bind_time(&mut self, value: Timestamp) {
        self.values.push(Value::Number(value.0));
        let _ = write!(self.text, "${}", self.values.len());
    }

    /// Of a query for one count.
    async fn count(self, store: &Store) -> Result<Count, StoreError> {
        let rows = self.fetch(store).await?;
        let count: u32 = rows.first().map_or(Ok(0), |row| row.number("count"))?;
        Ok(Count::of(count as usize))
    }

    async fn fetch(self, store: &Store) -> Result<Vec<AnyRow>, StoreError> {
        let mut arguments = AnyArguments::default();
        for value in self.values {
            match value {
                Value::Text(text) => arguments.add(text),
                Value::Number(number) => arguments.add(number),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok(sqlx::query_with(AssertSqlSafe(self.text), arguments).fetch_all(store.pool()).await?)
    }
}
