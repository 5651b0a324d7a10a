//! Accounts of the office: who may sign in, attempts that get slower, sessions that end, and what the log says of it all.

use pass::Timestamp;
use registry::{Role, Scope};
use store::{Act, Action, Attempt, AuditSearch, NewAccount, NewSession, Store, StoreError};

use crate::{DAY, MORNING, import, person};

const ACT: Act<'static> = Act { by: "测试", at: MORNING };

fn account<'a>(name: &'a str, role: Role, scope: &'a Scope) -> NewAccount<'a> {
    NewAccount { name, role, scope, password: "hash of the password", provisional: true }
}

fn session(token: &str) -> NewSession<'_> {
    NewSession { token, csrf: "of its forms", step: None, recovery: None }
}

pub(crate) async fn accounts_and_their_last_administrator(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(&store, &[person("和平小区", "1-1-101", "张小明", "", "绿")]).await;
    let here = Scope::Compounds(vec![store.compounds().await.unwrap()[0].id]);
    let everywhere = Scope::Everywhere;
    store.add_account(&account("Admin", Role::Administrator, &everywhere), &ACT).await.unwrap();
    store.add_account(&account("王五", Role::CommunityWorker, &here), &ACT).await.unwrap();
    let again = store.add_account(&account("ADMIN", Role::HealthWorker, &here), &ACT).await;
    assert!(
        matches!(again, Err(StoreError::Taken { by, .. }) if by == "Admin"),
        "one name, whatever its case"
    );
    let wang = store.account("王五").await.unwrap().unwrap();
    assert_eq!(
        (wang.role, &wang.scope, wang.provisional, wang.closed),
        (Role::CommunityWorker, &here, true, None)
    );
    assert_eq!(store.account("admin").await.unwrap().unwrap().scope, Scope::Everywhere);
    assert_eq!(store.account("nobody").await.unwrap(), None);

    // The last administrator stays one; any other may become anything.
    for refused in [
        store.set_role("Admin", Role::PropertyManager, &here, &ACT).await,
        store.close_account("Admin", true, &ACT).await,
    ] {
        assert!(matches!(refused, Err(StoreError::LastAdministrator)), "{refused:?}");
    }
    assert_eq!(
        store.account("Admin").await.unwrap().unwrap().role,
        Role::Administrator,
        "nothing was changed"
    );
    store.set_role("王五", Role::Administrator, &everywhere, &ACT).await.unwrap();
    store.close_account("Admin", true, &ACT).await.unwrap();
    assert!(matches!(store.close_account("王五", true, &ACT).await, Err(StoreError::LastAdministrator)));
    let names: Vec<_> =
        store.accounts().await.unwrap().into_iter().map(|it| (it.name, it.closed.is_some())).collect();
    assert_eq!(names, [("王五".to_owned(), false), ("Admin".to_owned(), true)], "closed ones come last");
    store.close_account("Admin", false, &ACT).await.unwrap();
    store.set_role("王五", Role::PropertyManager, &here, &ACT).await.unwrap();
    assert_eq!(store.account("王五").await.unwrap().unwrap().scope, here);
    for absent in [
        store.set_role("nobody", Role::Administrator, &here, &ACT).await,
        store.close_account("nobody", true, &ACT).await,
        store.set_password("nobody", "", false, &ACT).await,
        store.set_second("nobody", None, &[], &ACT).await,
    ] {
        assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
    }
}

pub(crate) async fn guessing_gets_slow(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.add_account(&account("Admin", Role::Administrator, &Scope::Everywhere), &ACT).await.unwrap();
    let at = |seconds: i64| MORNING.plus(seconds);
    assert_eq!(store.attempt("nobody", MORNING).await.unwrap(), Attempt::Unknown);
    for _ in 0..3 {
        let attempt = store.attempt("ADMIN", MORNING).await.unwrap();
        assert!(matches!(attempt, Attempt::Try { name, second: None, .. } if name == "Admin"));
    }
    assert_eq!(store.attempt("Admin", MORNING).await.unwrap(), Attempt::Wait(4));
    assert_eq!(store.attempt("Admin", at(3)).await.unwrap(), Attempt::Wait(1));
    assert_eq!(
        store.attempt("Admin", at(-1_000)).await.unwrap(),
        Attempt::Wait(4),
        "whatever the clock does"
    );
    assert!(matches!(store.attempt("Admin", at(4)).await.unwrap(), Attempt::Try { .. }));
    assert_eq!(store.attempt("Admin", at(4)).await.unwrap(), Attempt::Wait(8));
    assert!(store.signed_in("Admin", &session("t"), at(12)).await.unwrap());
    assert!(
        matches!(store.attempt("Admin", at(12)).await.unwrap(), Attempt::Try { .. }),
        "failures are forgotten"
    );
    // Many at one moment count as many, through two programs as well.
    let other = Store::open(url).await.unwrap();
    let now = at(1_000);
    let mut tried = 0;
    let (a, b, c, d) = tokio::join!(
        store.attempt("Admin", now),
        other.attempt("Admin", now),
        store.attempt("Admin", now),
        other.attempt("Admin", now)
    );
    for attempt in [a, b, c, d] {
        tried += usize::from(matches!(attempt.unwrap(), Attempt::Try { .. }));
    }
    assert_eq!(tried, 2, "one failure was there already");
    store.close_account("Admin", true, &ACT).await.unwrap_err();
    store.add_account(&account("甲", Role::Administrator, &Scope::Everywhere), &ACT).await.unwrap();
    store.close_account("Admin", true, &ACT).await.unwrap();
    assert_eq!(store.attempt("Admin", at(9_000)).await.unwrap(), Attempt::Unknown);
}

pub(crate) async fn second_factors_are_used_once(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.add_account(&account("Admin", Role::Administrator, &Scope::Everywhere), &ACT).await.unwrap();
    let recovery = ["one".to_owned(), "two".to_owned()];
    store.set_second("Admin", Some("sealed"), &recovery, &ACT).await.unwrap();
    assert!(store.account("Admin").await.unwrap().unwrap().has_second);
    let begin = async |token: &str, step: Option<i64>, recovery: Option<&str>| {
        let session = NewSession { token, csrf: "", step, recovery };
        store.signed_in("Admin", &session, MORNING).await.unwrap()
    };
    assert!(begin("a", Some(7), None).await);
    assert!(!begin("b", Some(7), None).await, "a code that was seen is no use to whoever saw it");
    assert!(!begin("b", Some(6), None).await);
    assert!(begin("b", Some(8), None).await);
    assert!(begin("c", None, Some("two")).await);
    assert!(!begin("d", None, Some("two")).await);
    assert_eq!(store.session("d", MORNING).await.unwrap(), None);
    let Attempt::Try { second: Some(factor), .. } = store.attempt("Admin", MORNING).await.unwrap() else {
        panic!("it has a second factor")
    };
    assert_eq!((factor.secret.as_str(), factor.step, factor.recovery.len()), ("sealed", 8, 1));
    store.set_second("Admin", None, &[], &ACT).await.unwrap();
    assert!(!store.account("Admin").await.unwrap().unwrap().has_second);
}

pub(crate) async fn sessions_end(url: &str) {
    let store = Store::open(url).await.unwrap();
    let other = Store::open(url).await.unwrap();
    for name in ["Admin", "王五"] {
        store.add_account(&account(name, Role::Administrator, &Scope::Everywhere), &ACT).await.unwrap();
    }
    let who = async |token: &str, at: Timestamp| {
        other.session(token, at).await.unwrap().map(|session| session.account.name)
    };
    let begin = async |name: &str, token: &str, at: Timestamp| {
        assert!(store.signed_in(name, &session(token), at).await.unwrap());
    };
    begin("王五", "first", MORNING).await;
    begin("Admin", "second", MORNING).await;
    assert_eq!(who("first", MORNING).await.as_deref(), Some("王五"), "every program knows");
    assert_eq!(who("third", MORNING).await, None);
    // Used every hour it lasts half a day, and no longer; two hours of nothing end it.
    for hour in 1..12 {
        assert!(who("first", MORNING.plus(hour * 3_600)).await.is_some(), "{hour}");
    }
    assert_eq!(who("first", MORNING.plus(12 * 3_600)).await, None);
    assert!(who("second", MORNING.plus(2 * 3_600 - 1)).await.is_some());
    assert_eq!(who("second", MORNING.plus(4 * 3_600)).await, None);

    let noon = MORNING.plus(DAY);
    begin("王五", "a", noon).await;
    begin("王五", "b", noon).await;
    begin("Admin", "c", noon).await;
    store.set_notice("a", Some("done")).await.unwrap();
    let notice = async |token| store.session(token, noon).await.unwrap().unwrap().notice;
    assert_eq!((notice("a").await.as_deref(), notice("b").await), (Some("done"), None));
    store.sign_out("a", &Act { by: "王五", at: noon }).await.unwrap();
    assert_eq!((who("a", noon).await, who("b", noon).await.is_some()), (None, true));
    store.sign_out_everywhere("王五", &Act { by: "王五", at: noon }).await.unwrap();
    assert_eq!((who("b", noon).await, who("c", noon).await.is_some()), (None, true));
    store.set_password("Admin", "another", false, &ACT).await.unwrap();
    assert_eq!(who("c", noon).await, None, "whoever knew the old password is out");
    begin("Admin", "d", noon).await;
    store.set_role("Admin", Role::HealthWorker, &Scope::Compounds(Vec::new()), &ACT).await.unwrap();
    let now = store.session("d", noon).await.unwrap().unwrap().account;
    assert_eq!((now.role, now.scope), (Role::HealthWorker, Scope::Compounds(Vec::new())), "it holds at once");
    store.close_account("Admin", true, &ACT).await.unwrap();
    assert_eq!(who("d", noon).await, None);
}

pub(crate) async fn what_the_audit_log_tells(url: &str) {
    let store = Store::open(url).await.unwrap();
    for (minute, by) in [(0, "王五"), (1, "Zhao 100%"), (1, "赵六"), (2, "王五"), (3, "zhao_2")] {
        let act = Act { by, at: MORNING.plus(minute * 60) };
        let action = if minute == 2 { Action::Print } else { Action::Look };
        store.audit(&act, action, &format!("minute {minute}")).await.unwrap();
    }
    let find = async |search: AuditSearch| -> Vec<String> {
        store
            .audit_lines(&AuditSearch { limit: 9, ..search })
            .await
            .unwrap()
            .into_iter()
            .map(|it| it.who)
            .collect()
    };
    let all = find(AuditSearch::default()).await;
    assert_eq!((all.len(), &*all[0], &*all[1], &*all[4]), (5, "zhao_2", "王五", "王五"), "the newest first");
    assert_eq!(find(AuditSearch { who: "王".into(), ..AuditSearch::default() }).await.len(), 2);
    assert_eq!(find(AuditSearch { who: "zhao".into(), ..AuditSearch::default() }).await.len(), 2);
    assert_eq!(find(AuditSearch { who: "0%".into(), ..AuditSearch::default() }).await, ["Zhao 100%"]);
    assert_eq!(find(AuditSearch { who: "o_".into(), ..AuditSearch::default() }).await, ["zhao_2"]);
    assert_eq!(find(AuditSearch { what: Some(Action::Print), ..AuditSearch::default() }).await, ["王五"]);
    let between = AuditSearch {
        from: Some(MORNING.plus(60)),
        until: Some(MORNING.plus(120)),
        ..AuditSearch::default()
    };
    assert_eq!(find(between).await.len(), 2);
    // Page by page, no line twice and none left out.
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page =
            store.audit_lines(&AuditSearch { limit: 2, after, ..AuditSearch::default() }).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        seen.extend(page.into_iter().map(|line| line.who));
    }
    assert_eq!(seen, all);
}
