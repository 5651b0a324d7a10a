//! The list of passages with its search, as a page and as a table for spreadsheets.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gate::{Direction, Verdict, What};
use registry::May;
use store::{Action, Compound, Ended, Journal, Passage, Sought, StoreError};

use super::asked::{Asked, written};
use crate::export::{Kind, Table};
use crate::web::Web;
use crate::web::frame::{Frame, Place};
use crate::web::page::{broken, home, moment, moment_exact, shown, zone};
use crate::web::session::Staff;
use crate::words::Language;
use crate::words::passages::{self as words, Texts};

/// Lines on one page.
const PAGE: u32 = 100;
/// Lines of one table.
const TABLE: u32 = 50_000;

#[derive(Template)]
#[template(path = "passages.html")]
struct ListPage {
    f: Frame,
    t: &'static Texts,
    problem: Option<String>,
    asked: Asked,
    compounds: Vec<Choice>,
    gates: Vec<Choice>,
    directions: Vec<Choice>,
    sought: Vec<Choice>,
    listed: String,
    rows: Vec<Line>,
    table: String,
    older: Option<String>,
    newest: Option<String>,
    journals: Vec<JournalLine>,
}

/// Something to choose.
struct Choice {
    code: String,
    word: String,
    chosen: bool,
}

/// A line of the list.
pub(super) struct Line {
    pub(super) path: String,
    pub(super) when: String,
    pub(super) in_doubt: bool,
    pub(super) gate: String,
    pub(super) compound: String,
    pub(super) direction: &'static str,
    /// The class of the verdict's mark: `admit`, `check`, `refuse`.
    pub(super) code: &'static str,
    pub(super) verdict: &'static str,
    /// What it became, where that is another thing.
    pub(super) became: Option<&'static str>,
    pub(super) ended: Option<&'static str>,
    pub(super) forked: bool,
    pub(super) who: String,
    pub(super) home: String,
    pub(super) card: String,
    pub(super) colour: &'static str,
    pub(super) why: String,
}

struct JournalLine {
    gate: String,
    compound: String,
    span: String,
    newest: String,
    whole: bool,
    wholeness: String,
    added: String,
    added_by: String,
}

/// `/passages`.
pub(super) async fn show(
    State(web): State<Web>,
    staff: Staff,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    page(&web, &staff, asked, None).await
}

/// The page, with what went wrong before.
pub(super) async fn page(web: &Web, staff: &Staff, asked: Asked, problem: Option<String>) -> Response {
    if let Err(refused) = staff.demand(May::Passages) {
        return refused.into_response();
    }
    match list(web, staff, asked, problem).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn list(
    web: &Web,
    staff: &Staff,
    asked: Asked,
    problem: Option<String>,
) -> Result<ListPage, StoreError> {
    let (t, language) = (words::texts(staff.language), staff.language);
    let compounds = staff.compounds(web).await?;
    let search = asked.search(staff, &compounds, &zone(), PAGE + 1);
    let mut passages = web.store.passages(&search).await?;
    let more = passages.len() > PAGE as usize;
    passages.truncate(PAGE as usize);
    let older = passages.last().filter(|_| more).map(|last| asked.going_on(written(&last.key)));
    let mut journals = web.store.journals().await?;
    journals.retain(|journal| staff.sees(journal.compound));
    let gates = web.store.gates().await?.into_iter().filter(|gate| staff.sees(gate.compound));
    let mut names: Vec<String> =
        journals.iter().map(|journal| journal.gate.clone()).chain(gates.map(|gate| gate.name)).collect();
    names.sort();
    names.dedup();
    let choice = |code: &str, word: &str, chosen: &str| Choice {
        code: code.to_owned(),
        word: word.to_owned(),
        chosen: code == chosen,
    };
    let name = |journal: &Journal| {
        let found = compounds.iter().find(|compound| compound.id == journal.compound);
        found.map(|compound| compound.name.clone()).unwrap_or_default()
    };
    let of_compound =
        |compound: &Compound| choice(&compound.id.0.to_string(), &compound.name, &asked.compound);
    Ok(ListPage {
        f: Frame::of(staff, Place::Passages),
        t,
        problem,
        compounds: compounds.iter().map(of_compound).collect(),
        gates: names.iter().map(|name| choice(name, name, &asked.gate)).collect(),
        directions: [Direction::Out, Direction::In]
            .map(|way| choice(way.code(), wording::direction(way, language), &asked.direction))
            .into(),
        sought: Sought::ALL
            .map(|what| choice(what.code(), words::sought(what, language), &asked.what))
            .into(),
        listed: words::listed(passages.len(), more, language),
        rows: passages.iter().map(|passage| Line::of(passage, language)).collect(),
        table: asked.going_on(String::new()),
        older,
        newest: (!asked.before.is_empty()).then(|| asked.going_on(String::new())),
        journals: journals.iter().map(|journal| JournalLine::of(journal, name(journal), language)).collect(),
        asked,
    })
}

/// `/passages/passages.xlsx`: what the page lists, all of it.
pub(super) async fn table(
    State(web): State<Web>,
    staff: Staff,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    if let Err(refused) = staff.demand(May::Passages) {
        return refused.into_response();
    }
    let (Query(asked), language) = (asked.unwrap_or_default(), staff.language);
    let read = async {
        let compounds = staff.compounds(&web).await?;
        let search = asked.search(&staff, &compounds, &zone(), TABLE + 1);
        let passages = web.store.passages(&search).await?;
        let detail = format!("passages: {} lines", passages.len().min(TABLE as usize));
        web.store.audit(&staff.act(&web), Action::Export, &detail).await?;
        Ok(passages)
    };
    let passages: Vec<Passage> = match read.await {
        Ok(passages) => passages,
        Err(error) => return broken(&error, language),
    };
    let t = words::texts(language);
    let cut = passages.len() > TABLE as usize;
    let rows =
        passages.iter().take(TABLE as usize).map(|passage| Line::of(passage, language).cells()).collect();
    let table = Table {
        sheet: t.passages.to_owned(),
        titles: if cut { vec![t.cut.to_owned()] } else { Vec::new() },
        headers: [
            t.when,
            t.compound,
            t.gate,
            t.direction,
            t.verdict,
            t.outcome,
            t.who,
            t.home,
            t.card,
            t.colour,
            t.why,
        ]
        .map(str::to_owned)
        .into(),
        widths: vec![20, 16, 12, 8, 10, 18, 14, 20, 14, 8, 40],
        rows,
        ..Table::default()
    };
    // Building it takes a second for the largest: not on the thread that answers others.
    let file = tokio::task::spawn_blocking(move || table.file(Kind::Xlsx)).await;
    match file {
        Ok(Ok(bytes)) => {
            let attached = "attachment; filename=\"passages.xlsx\"".to_owned();
            let head = [
                (header::CONTENT_TYPE, Kind::Xlsx.media_type().to_owned()),
                (header::CONTENT_DISPOSITION, attached),
            ];
            (head, bytes).into_response()
        }
        Ok(Err(error)) => unwritten(&error.to_string()),
        Err(error) => unwritten(&error.to_string()),
    }
}

fn unwritten(error: &str) -> Response {
    tracing::error!(error, "a table can't be written");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

impl Line {
    pub(super) fn of(passage: &Passage, language: Language) -> Self {
        let t = words::texts(language);
        let event = &passage.event;
        let (direction, verdict) = match &event.what {
            What::Judged(it) => (Some(it.direction), Some(it.verdict)),
            What::Manual(it) => (Some(it.direction), Some(it.verdict)),
            What::Passed(it) => (Some(it.direction), None),
            _ => (None, None),
        };
        let judged = if let What::Judged(it) = &event.what { Some(it) } else { None };
        let holder = judged.and_then(|it| it.holder.as_ref());
        let bearer = passage.bearer.as_ref();
        let who = match (holder, bearer.and_then(|bearer| bearer.name.as_ref())) {
            (_, Some(name)) => name.to_string(),
            (Some(holder), None) if holder.kind == pass::Kind::Visitor => t.visitor.to_owned(),
            (Some(_), None) => t.unknown_person.to_owned(),
            (None, None) if judged.is_some() => t.nobody.to_owned(),
            (None, None) => String::new(),
        };
        let verdict_word = match (&event.what, verdict) {
            (What::Judged(_), Some(verdict)) => wording::verdict(verdict, language),
            (What::Manual(_), _) => words::sought(Sought::Manual, language),
            (What::Passed(_), _) => words::sought(Sought::Unjudged, language),
            (what, _) => words::kind(what, language),
        };
        let by_hand = matches!(event.what, What::Manual(_));
        let became = passage.became.filter(|became| by_hand || Some(*became) != verdict);
        Self {
            path: format!(
                "/passages/{}/{}/{}",
                path_segment(&event.gate),
                event.journal.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
                event.sequence
            ),
            when: moment_exact(event.at),
            in_doubt: event.in_doubt,
            gate: event.gate.clone(),
            compound: passage.compound_name.clone(),
            direction: direction.map_or("", |way| wording::direction(way, language)),
            code: verdict.map_or("none", Verdict::code),
            verdict: verdict_word,
            became: became.map(|became| wording::verdict(became, language)),
            ended: passage.ended.map(|ended| match ended {
                Ended::Undone => t.undone,
                Ended::Superseded => t.superseded,
            }),
            forked: passage.forked,
            who,
            home: bearer.map(|bearer| home(&bearer.address, language)).unwrap_or_default(),
            card: holder.map(|holder| holder.serial.short_code()).unwrap_or_default(),
            colour: holder.map_or("", |holder| wording::colour(holder.colour, language)),
            why: match &event.what {
                What::Judged(it) => words::reasons(&it.reasons, language),
                What::Manual(it) => format!("{} ({})", it.why, it.who),
                _ => String::new(),
            },
        }
    }

    /// In the order of the table's headers.
    fn cells(self) -> Vec<String> {
        let outcome: Vec<&str> = self.became.into_iter().chain(self.ended).collect();
        vec![
            self.when,
            self.compound,
            self.gate,
            self.direction.to_owned(),
            self.verdict.to_owned(),
            outcome.join(" "),
            self.who,
            self.home,
            self.card,
            self.colour.to_owned(),
            self.why,
        ]
    }
}

/// A gate's name as a part of an address.
fn path_segment(name: &str) -> String {
    let mut segment = String::new();
    for byte in name.bytes() {
        match byte.is_ascii_alphanumeric() {
            true => segment.push(char::from(byte)),
            false => segment += &format!("%{byte:02X}"),
        }
    }
    segment
}

impl JournalLine {
    fn of(journal: &Journal, compound: String, language: Language) -> Self {
        let Journal { gate, first, last, newest, kept, forked, added, added_by, .. } = journal;
        let missing = journal.missing();
        Self {
            gate: gate.clone(),
            compound,
            span: words::span(*first, *last, *kept, language),
            newest: moment(*newest),
            whole: missing == 0 && *forked == 0,
            wholeness: words::wholeness(missing, *forked, language),
            added: moment(*added),
            added_by: added_by.clone(),
        }
    }
}
