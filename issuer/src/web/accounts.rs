//! Who has an account, and what they may do. For administrators.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use pass::CompoundId;
use registry::{May, Role, Scope};
use serde::Deserialize;
use store::{Account, Compound, NewAccount, StoreError};

use super::Web;
use super::form::{Button, Posted, see_other};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{broken, not_found, shown};
use super::session::Staff;
use crate::accounts::Password;
use crate::words::Language;
use crate::words::office::{self as words, Texts};

const PATH: &str = "/accounts";
/// The most characters of a name.
const LONGEST: usize = 40;

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    f: Frame,
    t: &'static Texts,
    problem: Option<String>,
    /// A password that was just made, and whose it is.
    told: Option<(String, String)>,
    rows: Vec<Line>,
    typed: String,
    roles: Vec<RoleChoice>,
    compounds: Vec<CompoundChoice>,
}

#[derive(Template)]
#[template(path = "account_change.html")]
struct ChangePage {
    f: Frame,
    t: &'static Texts,
    problem: Option<String>,
    name: String,
    everywhere: bool,
    has_second: bool,
    closed: bool,
    roles: Vec<RoleChoice>,
    compounds: Vec<CompoundChoice>,
}

struct Line {
    name: String,
    role: &'static str,
    scope: String,
    state: &'static str,
    is_me: bool,
}

struct RoleChoice {
    code: &'static str,
    word: &'static str,
    may: &'static str,
    chosen: bool,
}

struct CompoundChoice {
    id: u32,
    name: String,
    chosen: bool,
}

/// What a form says of an account.
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    everywhere: String,
    #[serde(default)]
    compound: Vec<u32>,
}

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PATH, get(show).post(add))
        .route("/accounts/{name}", get(show_one).post(change))
        .route("/accounts/{name}/password", post(new_password))
        .route("/accounts/{name}/second", post(end_second))
        .route("/accounts/{name}/close", post(close))
        .route("/accounts/{name}/open", post(open))
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    list(&web, &staff, None, None, &Said::default()).await
}

async fn list(
    web: &Web,
    staff: &Staff,
    problem: Option<String>,
    told: Option<(String, String)>,
    said: &Said,
) -> Response {
    let (t, language) = (words::texts(staff.language), staff.language);
    let read = async {
        let (accounts, compounds) = (web.store.accounts().await?, web.store.compounds().await?);
        Ok::<_, StoreError>((accounts, compounds))
    };
    let (accounts, compounds) = match read.await {
        Ok(read) => read,
        Err(error) => return broken(&error, language),
    };
    let line = |account: &Account| Line {
        name: account.name.clone(),
        role: words::role(account.role, language),
        scope: scope_in_words(&account.scope, &compounds, language),
        state: match account {
            Account { closed: Some(_), .. } => t.closed_account,
            Account { provisional: true, .. } => t.awaits_password,
            _ => t.open_account,
        },
        is_me: account.name == staff.account.name,
    };
    shown(&AccountsPage {
        f: Frame::of(staff, Place::Accounts),
        t,
        problem,
        told,
        rows: accounts.iter().map(line).collect(),
        typed: said.name.clone(),
        roles: role_choices(Role::of_code(&said.role), language),
        compounds: compound_choices(&compounds, |id| said.compound.contains(&id.0)),
    })
}

async fn add(State(web): State<Web>, Posted { staff, form }: Posted<Said>) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    let (t, name) = (words::texts(staff.language), registry::tidy(&form.name));
    if !is_name(&name) {
        return list(&web, &staff, Some(t.bad_name.to_owned()), None, &form).await;
    }
    let Some((role, scope)) = form.read() else {
        return list(&web, &staff, Some(t.no_compound.to_owned()), None, &form).await;
    };
    let (password, hash) = made_password().await;
    let new = NewAccount { name: &name, role, scope: &scope, password: &hash, provisional: true };
    match web.store.add_account(&new, &staff.act(&web)).await {
        Ok(()) => {
            let told = (name, password.reveal().to_owned());
            list(&web, &staff, None, Some(told), &Said::default()).await
        }
        Err(StoreError::Taken { by, .. }) => {
            list(&web, &staff, Some(words::name_taken(&by, staff.language)), None, &form).await
        }
        Err(error) => broken(&error, staff.language),
    }
}

async fn show_one(State(web): State<Web>, staff: Staff, Path(name): Path<String>) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    one(&web, &staff, &name, None).await
}

async fn one(web: &Web, staff: &Staff, name: &str, problem: Option<String>) -> Response {
    let language = staff.language;
    let read = async {
        let (account, compounds) = (web.store.account(name).await?, web.store.compounds().await?);
        Ok::<_, StoreError>((account, compounds))
    };
    match read.await {
        Err(error) => broken(&error, language),
        Ok((None, _)) => not_found(Reader(language)).await,
        Ok((Some(account), compounds)) => shown(&ChangePage {
            f: Frame::of(staff, Place::Accounts),
            t: words::texts(language),
            problem,
            everywhere: account.scope == Scope::Everywhere,
            has_second: account.has_second,
            closed: account.closed.is_some(),
            roles: role_choices(Some(account.role), language),
            compounds: compound_choices(&compounds, |id| {
                account.scope != Scope::Everywhere && account.scope.covers(id)
            }),
            name: account.name,
        }),
    }
}

async fn change(
    State(web): State<Web>,
    Path(name): Path<String>,
    Posted { staff, form }: Posted<Said>,
) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    let Some((role, scope)) = form.read() else {
        let problem = words::texts(staff.language).no_compound.to_owned();
        return one(&web, &staff, &name, Some(problem)).await;
    };
    done(&web, &staff, &name, web.store.set_role(&name, role, &scope, &staff.act(&web)).await).await
}

async fn new_password(
    State(web): State<Web>,
    Path(name): Path<String>,
    Posted { staff, .. }: Posted<Button>,
) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    let (password, hash) = made_password().await;
    match web.store.set_password(&name, &hash, true, &staff.act(&web)).await {
        Ok(()) => {
            let told = (name, password.reveal().to_owned());
            list(&web, &staff, None, Some(told), &Said::default()).await
        }
        other => done(&web, &staff, &name, other).await,
    }
}

async fn end_second(
    State(web): State<Web>,
    Path(name): Path<String>,
    Posted { staff, .. }: Posted<Button>,
) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    done(&web, &staff, &name, web.store.set_second(&name, None, &[], &staff.act(&web)).await).await
}

async fn close(web: State<Web>, name: Path<String>, posted: Posted<Button>) -> Response {
    close_or_open(web, name, posted, true).await
}

async fn open(web: State<Web>, name: Path<String>, posted: Posted<Button>) -> Response {
    close_or_open(web, name, posted, false).await
}

async fn close_or_open(
    State(web): State<Web>,
    Path(name): Path<String>,
    Posted { staff, .. }: Posted<Button>,
    close: bool,
) -> Response {
    if let Err(refused) = staff.demand(May::Accounts) {
        return refused.into_response();
    }
    done(&web, &staff, &name, web.store.close_account(&name, close, &staff.act(&web)).await).await
}

/// Back to the list, or why not.
async fn done(web: &Web, staff: &Staff, name: &str, result: Result<(), StoreError>) -> Response {
    match result {
        Ok(()) => see_other(web, staff, PATH, &words::account_changed(name, staff.language)).await,
        Err(StoreError::LastAdministrator) => {
            let problem = words::texts(staff.language).last_administrator.to_owned();
            one(web, staff, name, Some(problem)).await
        }
        Err(StoreError::Absent { .. }) => not_found(Reader(staff.language)).await,
        Err(error) => broken(&error, staff.language),
    }
}

async fn made_password() -> (Password, String) {
    let made = tokio::task::spawn_blocking(|| {
        let password = Password::generate();
        let hash = password.hash();
        (password, hash)
    });
    made.await.expect("hashing does not panic")
}

impl Said {
    /// Role and compounds, if both are there.
    fn read(&self) -> Option<(Role, Scope)> {
        let role = Role::of_code(&self.role)?;
        if self.everywhere == "1" {
            return Some((role, Scope::Everywhere));
        }
        let mut compounds: Vec<_> = self.compound.iter().copied().map(CompoundId).collect();
        compounds.sort_unstable_by_key(|compound| compound.0);
        compounds.dedup();
        (!compounds.is_empty()).then_some((role, Scope::Compounds(compounds)))
    }
}

/// A name that stands in addresses, logs and on paper without doing harm there.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=LONGEST).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_control() || "/\\<>\"".contains(c))
}

fn scope_in_words(scope: &Scope, compounds: &[Compound], language: Language) -> String {
    match scope {
        Scope::Everywhere => words::texts(language).all_compounds.to_owned(),
        Scope::Compounds(_) => {
            let names = compounds.iter().filter(|compound| scope.covers(compound.id));
            let names: Vec<&str> = names.map(|compound| compound.name.as_str()).collect();
            names.join(language.choose("、", ", "))
        }
    }
}

fn role_choices(chosen: Option<Role>, language: Language) -> Vec<RoleChoice> {
    let choice = |role| RoleChoice {
        code: Role::code(role),
        word: words::role(role, language),
        may: words::role_does(role, language),
        chosen: chosen == Some(role),
    };
    Role::ALL.into_iter().map(choice).collect()
}

fn compound_choices(compounds: &[Compound], chosen: impl Fn(CompoundId) -> bool) -> Vec<CompoundChoice> {
    let choice = |compound: &Compound| CompoundChoice {
        id: compound.id.0,
        name: compound.name.clone(),
        chosen: chosen(compound.id),
    };
    compounds.iter().map(choice).collect()
}
