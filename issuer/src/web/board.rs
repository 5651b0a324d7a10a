//! The building board: every home's colour at a glance, stairwell by stairwell; and one household's page.

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::{Colour, CompoundId, Kind};
use registry::{Grid, May};
use serde::Deserialize;
use store::{BoardHome, StoreError};

use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{Chip, broken, home, kind_icon, moment, not_found, shown};
use super::person::path;
use super::session::Staff;
use super::{Web, building};
use crate::words::Language;
use crate::words::board::{self as words, Texts};
use crate::words::building as building_words;
use crate::words::people as people_words;
use crate::words::web as web_words;

/// More homes than these are shown a building at a time.
const AT_ONCE: usize = 600;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/board", get(show)).route("/homes/{compound}/{household}", get(household))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    compound: String,
    #[serde(default)]
    building: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    f: Frame,
    t: &'static Texts,
    compounds: Vec<(u32, String, bool)>,
    compound: u32,
    colours: Vec<Chip>,
    buildings: Vec<Building>,
    is_chosen: bool,
    stairwells: Vec<Stairwell>,
    too_many: bool,
    /// What leads to deciding one colour for a stairwell, for those who may.
    many: Option<&'static str>,
    b: &'static building_words::Texts,
}

/// A building: its name, and its homes by colour, those without residents last.
struct Building {
    name: String,
    /// The page that closes it.
    manage: String,
    is_closed: bool,
    homes: usize,
    counts: [usize; 4],
}

/// A stairwell as it stands.
struct Stairwell {
    name: String,
    building: String,
    unit: String,
    /// The page that closes it, and writes down who answers for it.
    manage: String,
    is_closed: bool,
    /// Who answers for it, with a telephone.
    answers: Option<String>,
    /// Icon, word and place of each way out.
    ways: Vec<(&'static str, &'static str, String)>,
    doors: Vec<String>,
    floors: Vec<(u32, Vec<Option<Home>>)>,
    others: Vec<Home>,
}

struct Home {
    path: String,
    room: String,
    chip: Option<Chip>,
    people: u32,
}

async fn show(State(web): State<Web>, staff: Staff, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    if let Err(refused) = staff.demand(May::SeePeople) {
        return refused.into_response();
    }
    match read(&web, &staff, &asked).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn read(web: &Web, staff: &Staff, asked: &Asked) -> Result<BoardPage, StoreError> {
    let language = staff.language;
    let t_web = web_words::texts(language);
    let theirs = staff.compounds(web).await?;
    let chosen = asked.compound.parse().ok().map(CompoundId);
    let compound = theirs.iter().find(|it| Some(it.id) == chosen).or(theirs.first()).map(|it| it.id);
    let (homes, marks) = match compound {
        Some(compound) => (web.store.board(compound).await?, Marks::of(web, compound).await?),
        None => (Vec::new(), Marks::default()),
    };
    let compound = compound.unwrap_or(CompoundId(0));
    let of_one = |a: &BoardHome, b: &BoardHome| a.address.building == b.address.building;
    let buildings: Vec<Building> =
        homes.chunk_by(of_one).map(|homes| Building::of(compound, homes, &marks)).collect();
    let is_chosen = buildings.iter().any(|building| building.name == asked.building);
    let shown: Vec<BoardHome> =
        homes.into_iter().filter(|home| !is_chosen || home.address.building == asked.building).collect();
    let too_many = shown.len() > AT_ONCE && !is_chosen && buildings.len() > 1;
    let of_one = |a: &BoardHome, b: &BoardHome| of_one(a, b) && a.address.unit == b.address.unit;
    let stairwells = match too_many {
        true => Vec::new(),
        false => {
            shown.chunk_by(of_one).map(|homes| Stairwell::of(compound, homes, &marks, language)).collect()
        }
    };
    Ok(BoardPage {
        f: Frame::of(staff, Place::Board),
        t: words::texts(language),
        compounds: theirs.into_iter().map(|it| (it.id.0, it.name, it.id == compound)).collect(),
        compound: compound.0,
        colours: Colour::ALL.into_iter().map(|colour| Chip::of(colour, t_web)).collect(),
        buildings,
        is_chosen,
        stairwells,
        too_many,
        many: staff.account.role.may(May::DecideColour).then_some(people_words::texts(language).many),
        b: building_words::texts(language),
    })
}

/// What the board says beside homes.
#[derive(Default)]
struct Marks {
    closed: Vec<store::Closure>,
    stairwells: Vec<store::Stairwell>,
    ways: Vec<store::Passageway>,
}

impl Marks {
    async fn of(web: &Web, compound: CompoundId) -> Result<Self, StoreError> {
        Ok(Self {
            closed: web.store.closed(compound).await?,
            stairwells: web.store.stairwells(compound).await?,
            ways: web.store.passageways(compound).await?,
        })
    }
}

impl Building {
    fn of(compound: CompoundId, homes: &[BoardHome], marks: &Marks) -> Self {
        let mut counts = [0; 4];
        for home in homes {
            counts[home.colour().map_or(3, |colour| colour as usize)] += 1;
        }
        let name = homes[0].address.building.clone();
        Self {
            manage: building::path(compound, &name, ""),
            is_closed: marks.closed.iter().any(|it| it.building == name && it.unit.is_empty()),
            homes: homes.len(),
            counts,
            name,
        }
    }
}

impl Stairwell {
    fn of(compound: CompoundId, homes: &[BoardHome], marks: &Marks, language: Language) -> Self {
        let rooms: Vec<&str> = homes.iter().map(|home| home.address.room.as_str()).collect();
        let Grid { doors, floors, others } = Grid::of(&rooms);
        let home = |at: usize| Home::of(compound, &homes[at], language);
        let address = &homes[0].address;
        Self {
            name: words::stairwell(&address.building, &address.unit, language),
            building: address.building.clone(),
            unit: address.unit.clone(),
            manage: building::path(compound, &address.building, &address.unit),
            is_closed: marks.closed.iter().any(|it| it.holds(address)),
            answers: marks
                .stairwells
                .iter()
                .find(|it| it.building == address.building && it.unit == address.unit)
                .map(|it| format!("{} {}", it.answers, it.telephone).trim_end().to_owned()),
            ways: marks
                .ways
                .iter()
                .filter(|it| it.building == address.building && it.unit == address.unit)
                .map(|it| (it.way.code(), building_words::way(it.way, language), it.place.clone()))
                .collect(),
            doors,
            floors: floors
                .into_iter()
                .map(|(floor, places)| (floor, places.into_iter().map(|at| at.map(home)).collect()))
                .collect(),
            others: others.into_iter().map(home).collect(),
        }
    }
}

impl Home {
    fn of(compound: CompoundId, home: &BoardHome, language: Language) -> Self {
        Self {
            path: format!("/homes/{}/{}", compound.0, home.household),
            room: home.address.room.clone(),
            chip: home.colour().map(|colour| Chip::of(colour, web_words::texts(language))),
            people: home.residents.iter().sum(),
        }
    }
}

#[derive(Template)]
#[template(path = "household.html")]
struct HouseholdPage {
    f: Frame,
    t: &'static Texts,
    compound: u32,
    building: String,
    name: String,
    people: Vec<Member>,
    vehicles: Vec<Member>,
    may_edit: bool,
}

/// Somebody of the household, or a vehicle.
struct Member {
    path: String,
    name: String,
    icon: &'static str,
    chip: Chip,
    let_off: String,
}

async fn household(
    State(web): State<Web>,
    staff: Staff,
    Path((compound, number)): Path<(u32, u32)>,
) -> Response {
    if let Err(refused) = staff.demand(May::SeePeople) {
        return refused.into_response();
    }
    let compound = CompoundId(compound);
    if !staff.sees(compound) {
        return not_found(Reader(staff.language)).await;
    }
    match members(&web, &staff, compound, number).await {
        Ok(page) => shown(&page),
        Err(StoreError::Absent { .. }) => not_found(Reader(staff.language)).await,
        Err(error) => broken(&error, staff.language),
    }
}

async fn members(
    web: &Web,
    staff: &Staff,
    compound: CompoundId,
    number: u32,
) -> Result<HouseholdPage, StoreError> {
    let (language, now) = (staff.language, web.clock.now());
    let address = web.store.home(compound, number).await?;
    let exemptions = web.store.exemptions(compound).await?;
    let (mut people, mut vehicles) = (Vec::new(), Vec::new());
    let holders = web.store.household(compound, number).await?;
    let holders: Vec<_> = holders.into_iter().map(|holder| (compound, holder)).collect();
    for holding in web.store.listed(&holders).await? {
        let holds = exemptions
            .iter()
            .filter(|(whose, it)| *whose == holding.holder && it.until.is_none_or(|until| now < until))
            .map(|(_, it)| words::exemption(it, &moment, language));
        let member = Member {
            path: path(compound, holding.holder),
            name: holding.name.to_string(),
            icon: kind_icon(holding.kind),
            chip: Chip::of(holding.colour, web_words::texts(language)),
            let_off: holds.collect::<Vec<_>>().join("; "),
        };
        if holding.kind == Kind::Vehicle { vehicles.push(member) } else { people.push(member) }
    }
    Ok(HouseholdPage {
        f: Frame::of(staff, Place::Board),
        t: words::texts(language),
        compound: compound.0,
        name: home(&address, language),
        building: address.building,
        people,
        vehicles,
        may_edit: staff.account.role.may(May::EditPeople),
    })
}
