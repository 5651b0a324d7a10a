//! The day's page: what there is to do, how people stand, what happened at the gates.

mod plot;

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gate::Direction;
use jiff::ToSpan;
use jiff::civil::Date;
use pass::{Colour, CompoundId, Timestamp};
use registry::May;
use serde::Deserialize;
use store::{Bucket, Compound, Gate, Journal, PassageCounts, StoreError};

use super::frame::{Frame, Place};
use super::page::{Chip, broken, date, day_begins, moment, shown};
use super::session::Staff;
use super::{Web, building};
use crate::words::Language;
use crate::words::board::stairwell;
use crate::words::building::to_open;
use crate::words::today::{self as words, Texts};
use plot::{Column, Stack};

const HOUR: u32 = 3_600;
const DAY: i64 = 86_400;
/// Days that are plotted, the one that is shown included.
const DAYS: u32 = 7;
/// A gate that nothing was heard of for longer is quiet.
const QUIET_AFTER: i64 = DAY;
/// What was wrong with a gate's events is told for so long.
const TROUBLES_SHOWN: i64 = 3 * DAY;

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    day: String,
    #[serde(default)]
    compound: String,
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    f: Frame,
    t: &'static Texts,
    is_today: bool,
    day: String,
    previous: String,
    next: Option<String>,
    compound: String,
    compounds: Vec<Choice>,
    tasks: Vec<Task>,
    colours: Vec<ColourCount>,
    figures: Vec<Figure>,
    plots: Vec<Plot>,
}

struct Choice {
    id: u32,
    name: String,
    chosen: bool,
}

/// Something to do, and where.
struct Task {
    text: String,
    path: String,
}

struct ColourCount {
    chip: Chip,
    count: u64,
}

struct Figure {
    word: &'static str,
    count: u64,
    path: String,
}

/// A drawing, what its marks mean, and its numbers.
struct Plot {
    id: &'static str,
    heading: String,
    svg: String,
    /// Class and word of each mark.
    legend: Vec<(&'static str, &'static str)>,
    headers: Vec<&'static str>,
    rows: Vec<(String, Vec<u64>)>,
}

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/", get(show))
}

/// `/`. What can't be understood in the address is as if it were not there.
async fn show(State(web): State<Web>, staff: Staff, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    if let Err(refused) = staff.demand(May::SeePeople) {
        return refused.into_response();
    }
    let Query(asked) = asked.unwrap_or_default();
    match page(&web, &staff, &asked).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

/// The day that is shown.
struct Day {
    date: Date,
    begins: Timestamp,
    ends: Timestamp,
}

impl Day {
    /// A day that has a beginning and an end, and neighbours that have.
    fn of(date: Date) -> Option<Self> {
        let begins = day_begins(date)?;
        let ends = day_begins(date.tomorrow().ok()?)?;
        day_begins(date.checked_sub(i64::from(DAYS).days()).ok()?)?;
        Some(Self { date, begins, ends })
    }
}

async fn page(web: &Web, staff: &Staff, asked: &Asked) -> Result<TodayPage, StoreError> {
    let (t, language, now) = (words::texts(staff.language), staff.language, web.clock.now());
    let all = staff.compounds(web).await?;
    let chosen = asked.compound.parse().ok().filter(|id| all.iter().any(|compound| compound.id.0 == *id));
    let theirs: Vec<CompoundId> = all
        .iter()
        .map(|compound| compound.id)
        .filter(|id| chosen.is_none_or(|chosen| id.0 == chosen))
        .collect();
    let today = date(now).parse::<Date>().ok();
    let asked_day = asked.day.parse::<Date>().ok().filter(|day| today.is_none_or(|today| *day <= today));
    let day = asked_day.and_then(Day::of).or_else(|| today.and_then(Day::of));
    let Some(day) = day else { return Err(StoreError::Damaged { what: "time", value: now.to_string() }) };
    let is_today = Some(day.date) == today;

    let lifetime = web.store.office_settings().await?.lifetime;
    let soon = now.plus(i64::from(lifetime.renewed_in_last_days) * DAY);
    let stand = web.store.standings(&theirs, now, soon).await?;
    let (_, due) = web.store.due_releases(&theirs, day.ends, 0).await?;
    let counts = web.store.passage_counts(Some(&theirs), day.begins, day.ends).await?;
    let first = Timestamp(day.begins.0 - i64::from(DAYS - 1) * DAY);
    let buckets = web.store.passage_buckets(Some(&theirs), first, HOUR, DAYS * 24).await?;
    let journals = web.store.journals().await?;
    let gates = web.store.gates().await?;
    let gates: Vec<&Gate> = gates.iter().filter(|gate| theirs.contains(&gate.compound)).collect();

    let mut tasks = Vec::new();
    let may = |what| staff.account.role.may(what);
    if is_today {
        let mut add = |what, text: Option<String>, path: &str| {
            tasks.extend(text.filter(|_| may(what)).map(|text| Task { text, path: path.to_owned() }));
        };
        let some = |count: u64| (count > 0).then_some(count);
        add(May::Release, some(due).map(|it| words::releases(it, language)), "/observed");
        add(May::Cards, some(stand.ending).map(|it| words::ending(it, language)), "/passes");
        for compound in all.iter().filter(|compound| theirs.contains(&compound.id)) {
            for closure in web.store.closed(compound.id).await? {
                let Some(planned) = closure.planned.filter(|planned| *planned <= day.ends) else { continue };
                let place = stairwell(&closure.building, &closure.unit, language);
                let place = format!("{} {place}", compound.name);
                let text = to_open(&place, &date(planned.plus(-1)), language);
                let path = building::path(compound.id, &closure.building, &closure.unit);
                add(May::DecideColour, Some(text), &path);
            }
        }
        let reports = web.store.gate_reports().await?;
        for gate in &gates {
            // A gate that reports is heard at night as well, when nobody passes.
            let heard = reports.get(&gate.receiver).map(|report| report.heard);
            let newest = newest(&journals, gate).max(heard);
            if newest.is_none_or(|newest| newest.0 < now.0 - QUIET_AFTER) {
                let since = newest.map(moment);
                add(
                    May::Passages,
                    Some(words::quiet(&gate.name, since.as_deref(), language)),
                    "/passages#h-upload",
                );
            }
        }
        for compound in all.iter().filter(|compound| theirs.contains(&compound.id)) {
            let troubles = web.store.gate_troubles(compound.id).await?;
            let lately = troubles.iter().filter(|it| it.at.0 >= now.0 - TROUBLES_SHOWN).count();
            if lately > 0 {
                let text = words::troubles(&compound.name, lately, language);
                let path = format!("/gates?compound={}", compound.id.0);
                add(May::Gates, Some(text), &path);
            }
        }
        let broken =
            journals.iter().filter(|it| theirs.contains(&it.compound) && (it.forked > 0 || it.missing() > 0));
        for journal in broken {
            let text = words::not_whole(&journal.gate, journal.missing(), journal.forked, language);
            let path = if journal.forked > 0 { "/passages?what=forked" } else { "/passages#h-journals" };
            add(May::Passages, Some(text), path);
        }
    }
    let place = Span { day: &day, compound: chosen };
    Ok(TodayPage {
        f: Frame::of(staff, Place::Today),
        t,
        is_today,
        day: day.date.to_string(),
        previous: day.date.yesterday().map(|day| day.to_string()).unwrap_or_default(),
        next: (!is_today).then(|| day.date.tomorrow().map(|day| day.to_string()).unwrap_or_default()),
        compound: chosen.map(|id| id.to_string()).unwrap_or_default(),
        compounds: all
            .iter()
            .map(|Compound { id, name, .. }| Choice {
                id: id.0,
                name: name.clone(),
                chosen: chosen == Some(id.0),
            })
            .collect(),
        tasks,
        colours: Colour::ALL
            .map(|colour| {
                let chip = Chip::of(colour, crate::words::web::texts(language));
                ColourCount { chip, count: stand.colours[colour as usize] }
            })
            .into(),
        figures: place.figures(&counts, t),
        plots: plots(&buckets, &day, &gates, t, language),
    })
}

/// When a gate was last heard of.
fn newest(journals: &[Journal], gate: &Gate) -> Option<Timestamp> {
    let of_gate = journals.iter().filter(|journal| journal.gate == gate.name && journal.kept > 0);
    of_gate.map(|journal| journal.newest).max()
}

/// Where the passages of a day are listed.
struct Span<'a> {
    day: &'a Day,
    compound: Option<u32>,
}

impl Span<'_> {
    fn figures(&self, counts: &PassageCounts, t: &'static Texts) -> Vec<Figure> {
        let figure = |word, count, query: &str| Figure { word, count, path: self.path(query) };
        vec![
            figure(t.out, counts.out, "what=went&direction=out"),
            figure(t.into, counts.into, "what=went&direction=in"),
            figure(t.refused, counts.refused, "what=refuse"),
            figure(t.overridden, counts.overridden, "what=overridden"),
            figure(t.manual, counts.manual, "what=manual"),
            figure(t.unjudged, counts.unjudged, "what=unjudged"),
            figure(t.emergencies, counts.emergencies, "what=emergency"),
        ]
    }

    fn path(&self, query: &str) -> String {
        let until = self.day.date.tomorrow().unwrap_or(self.day.date);
        let compound = self.compound.map(|id| format!("&compound={id}")).unwrap_or_default();
        format!("/passages?from={}T00:00&until={until}T00:00{compound}&{query}", self.day.date)
    }
}

fn plots(buckets: &[Bucket], day: &Day, gates: &[&Gate], t: &'static Texts, language: Language) -> Vec<Plot> {
    if buckets.is_empty() {
        return Vec::new();
    }
    let way = |direction| usize::from(direction == Direction::In);
    let (mut hours, mut days) = ([[0_u64; 2]; 24], [[0_u64; 2]; DAYS as usize]);
    // By gate; a gate that nobody passed is there as well.
    let mut of_gates: BTreeMap<&str, [u64; 4]> = gates.iter().map(|gate| (&*gate.name, [0; 4])).collect();
    for bucket in buckets {
        let (of_day, hour) = ((bucket.number / 24) as usize, (bucket.number % 24) as usize);
        let Some(in_day) = days.get_mut(of_day) else { continue };
        in_day[way(bucket.direction)] += bucket.count;
        if of_day + 1 == DAYS as usize {
            hours[hour][way(bucket.direction)] += bucket.count;
            let of_gate = of_gates.entry(&bucket.gate).or_default();
            of_gate[bucket.colour.map_or(3, |colour| colour as usize)] += bucket.count;
        }
    }
    let ways = vec![("going-out", t.out), ("coming-in", t.into)];
    let columns = |labels: Vec<String>, counts: &[[u64; 2]], every| {
        let columns: Vec<Column> =
            labels.into_iter().zip(counts).map(|(label, counts)| Column { label, counts: *counts }).collect();
        plot::columns(&columns, every)
    };
    let dates: Vec<Date> =
        (0..DAYS).rev().filter_map(|back| day.date.checked_sub(i64::from(back).days()).ok()).collect();
    let marks =
        [("green", t.colours[0]), ("yellow", t.colours[1]), ("red", t.colours[2]), ("by-hand", t.by_hand)];
    let stacks: Vec<Stack> = of_gates
        .iter()
        .map(|(gate, counts)| Stack {
            label: (*gate).to_owned(),
            parts: marks.iter().map(|(class, _)| *class).zip(*counts).collect(),
        })
        .collect();
    vec![
        Plot {
            id: "hours",
            heading: words::by_hour(&day.date.to_string(), language),
            svg: columns((0..24).map(|hour| hour.to_string()).collect(), &hours, 3),
            legend: ways.clone(),
            headers: vec![t.hour, t.out, t.into],
            rows: (0..24)
                .zip(hours)
                .map(|(hour, counts)| (format!("{hour:02}:00"), counts.to_vec()))
                .collect(),
        },
        Plot {
            id: "days",
            heading: words::by_day(DAYS, language),
            svg: columns(dates.iter().map(|date| date.strftime("%m-%d").to_string()).collect(), &days, 1),
            legend: ways,
            headers: vec![t.date, t.out, t.into],
            rows: dates.iter().zip(days).map(|(date, counts)| (date.to_string(), counts.to_vec())).collect(),
        },
        Plot {
            id: "gates",
            heading: words::by_gate(&day.date.to_string(), language),
            svg: plot::stacks(&stacks),
            legend: marks.to_vec(),
            headers: [t.gate].into_iter().chain(marks.map(|(_, word)| word)).collect(),
            rows: of_gates.iter().map(|(gate, counts)| ((*gate).to_owned(), counts.to_vec())).collect(),
        },
    ]
}
