//! Tokens: as whom they act, how long, and what ends them.

use pass::Timestamp;
use registry::{Role, Scope};
use store::{Act, Action, AuditSearch, LONGEST_TOKEN, NewAccount, NewToken, Store, StoreError};

use crate::{DAY, MORNING};

const ACT: Act<'static> = Act { by: "Admin", at: MORNING };

fn token<'a>(hash: &'a str, label: &'a str, days: i64) -> NewToken<'a> {
    NewToken { hash, label, ends: MORNING.plus(days * DAY) }
}

pub(crate) async fn tokens_act_as_their_account(url: &str) {
    let store = Store::open(url).await.unwrap();
    let other = Store::open(url).await.unwrap();
    for (name, role) in [("Admin", Role::Administrator), ("王五", Role::CommunityWorker)] {
        let (scope, password) = (&Scope::Everywhere, "hash");
        let new = NewAccount { name, role, scope, password, provisional: false };
        store.add_account(&new, &ACT).await.unwrap();
    }
    store.add_token("王五", &token("one", "日报", 7), &ACT).await.unwrap();
    store.add_token("王五", &token("two", "for ever", 5_000), &ACT).await.unwrap();
    store.add_token("Admin", &token("three", "", 1), &ACT).await.unwrap();
    let absent = store.add_token("nobody", &token("four", "", 1), &ACT).await;
    assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
    assert!(store.add_token("Admin", &token("one", "", 1), &ACT).await.is_err(), "a hash names one token");

    let who = async |hash: &str, at: Timestamp| {
        other.account_of_token(hash, at).await.unwrap().map(|account| (account.name, account.role))
    };
    let wang = |role| Some(("王五".to_owned(), role));
    assert_eq!(who("one", MORNING).await, wang(Role::CommunityWorker), "every program knows");
    assert_eq!(who("four", MORNING).await, None);
    assert!(who("one", MORNING.plus(7 * DAY - 1)).await.is_some());
    assert_eq!(who("one", MORNING.plus(7 * DAY)).await, None);
    assert!(who("two", MORNING.plus(LONGEST_TOKEN - 1)).await.is_some());
    assert_eq!(who("two", MORNING.plus(LONGEST_TOKEN)).await, None, "a year is the longest");

    // What its owner sees: when it was used, to the hour, and never what is shown.
    let seen = store.tokens("王五", MORNING).await.unwrap();
    let labels: Vec<&str> = seen.iter().map(|it| it.label.as_str()).collect();
    assert!(labels.contains(&"日报") && labels.contains(&"for ever") && labels.len() == 2);
    let one = seen.iter().find(|it| it.label == "日报").unwrap();
    assert_eq!(
        (one.made, one.ends, one.used),
        (MORNING, MORNING.plus(7 * DAY), Some(MORNING.plus(7 * DAY - 1)))
    );
    assert_eq!(store.tokens("Admin", MORNING).await.unwrap()[0].used, None);
    assert_eq!(store.tokens("王五", MORNING.plus(7 * DAY)).await.unwrap().len(), 1);

    // What the account may, the token may, at once; and nothing while somebody else knows the password.
    store.set_role("王五", Role::PropertyManager, &Scope::Compounds(Vec::new()), &ACT).await.unwrap();
    assert_eq!(who("one", MORNING).await, wang(Role::PropertyManager));
    store.set_password("王五", "given by somebody", true, &ACT).await.unwrap();
    assert_eq!(who("one", MORNING).await, None);
    store.set_password("王五", "chosen", false, &ACT).await.unwrap();
    assert!(who("one", MORNING).await.is_some());

    // Nobody strikes off what is another's.
    for (account, id) in [("Admin", one.id.as_str()), ("王五", "none")] {
        let absent = store.strike_token(account, id, &ACT).await;
        assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
    }
    store.strike_token("王五", &one.id, &ACT).await.unwrap();
    assert_eq!((who("one", MORNING).await, who("two", MORNING).await.is_some()), (None, true));
    store.close_account("王五", true, &ACT).await.unwrap();
    assert_eq!(who("two", MORNING).await, None);
    store.close_account("王五", false, &ACT).await.unwrap();
    assert_eq!(who("two", MORNING).await, None, "it stays dead");

    let search = AuditSearch { what: Some(Action::Account), limit: 99, ..AuditSearch::default() };
    let told: Vec<String> =
        store.audit_lines(&search).await.unwrap().into_iter().map(|line| line.detail).collect();
    let tells = |what: &str| told.iter().filter(|line| line.contains(what)).count();
    assert_eq!((tells("token \"日报\" of 王五"), tells("struck off token \"日报\"")), (2, 1), "{told:?}");
}
