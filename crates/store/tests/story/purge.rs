//! What is deleted when its time is over is gone, wherever one looks.

use std::path::Path;

use gate::Role;
use pass::{Colour, Timestamp};
use store::{
    Act, Action, DutyLine, PassSought, Passes, Piece, Record, Retention, Search, StaffMember, Store,
    sqlite_url,
};

use crate::{DAY, MORNING, import, issue, person};

const PLANTED: &str = "植名甲乙";

pub(crate) async fn what_is_over_is_deleted(url: &str) {
    let store = Store::open(url).await.unwrap();
    let planted = Act { by: PLANTED, at: MORNING };
    let list = [person("和平小区", "1-1-101", "张小明", "", "绿")];
    store.import(&list, &[1..=9], &planted, &mut |_, _| {}).await.unwrap();
    issue(&store, MORNING).await;
    let compound = store.compounds().await.unwrap()[0].id;
    let staff = StaffMember { name: "门岗".into(), role: Role::Guard, pin: "$argon2id$".into() };
    store.add_staff(compound, &staff, &planted).await.unwrap();
    let (from, until) = (MORNING, MORNING.plus(3_600));
    let duty = DutyLine { who: "门岗".into(), gate: PLANTED.into(), from, until };
    store.add_duty(compound, &duty, &planted).await.unwrap();
    let red = [person("和平小区", "1-1-101", "张小明", "", "红")];
    store.import(&red, &[1..=9], &planted, &mut |_, _| {}).await.unwrap();
    let later = |days: i64| Act { by: "清理", at: MORNING.plus(days * DAY) };

    assert_eq!(store.retention().await.unwrap(), Retention::default());
    assert_eq!(store.purge(&later(29)).await.unwrap(), None, "nothing's time is over");
    let mut retention = Retention::default();
    retention.keep(Record::Standings, 30);
    store.set_retention(&retention, &later(30)).await.unwrap();
    assert_eq!(store.retention().await.unwrap(), retention);
    let first = store.purge(&later(31)).await.unwrap().unwrap();
    let gone = |certificate: &store::Certificate| {
        certificate.lines.iter().map(|(record, count, _)| (*record, *count)).collect::<Vec<_>>()
    };
    assert_eq!(gone(&first), [(Record::Standings, 1), (Record::Duty, 1)]);
    assert!(first.lines.iter().all(|(_, _, until)| *until == MORNING.plus(DAY)));
    assert_eq!(store.purge(&later(31)).await.unwrap(), None, "nothing twice");

    retention.keep(Record::Audit, 90);
    store.set_retention(&retention, &later(32)).await.unwrap();
    let second = store.purge(&later(100)).await.unwrap().unwrap();
    assert_eq!(gone(&second)[0], (Record::Passes, 1));
    assert_eq!(gone(&second)[1].0, Record::Audit);
    assert_eq!(store.count_passes(Passes::All).await.unwrap(), 0);
    let missing = Search { limit: 9, pass: Some(PassSought::Missing), ..Search::default() };
    assert_eq!(store.find(&missing).await.unwrap().listed.len(), 1, "whose pass is gone needs one");
    let statuses = store.statuses(MORNING).await.unwrap();
    assert_eq!(statuses, [pass::Status::Withdrawn], "its place in the list is never given again");
    assert_eq!(store.colour_counts(None).await.unwrap()[2], (Colour::Red, 1), "nobody was released by it");
    assert_eq!(store.certificates().await.unwrap(), [second, first]);
}

/// Several programs ask every now and then, and one of them does it.
pub(crate) async fn a_purge_a_day(url: &str) {
    let store = Store::open(url).await.unwrap();
    let at = |hours: i64| Act { by: "program", at: Timestamp(MORNING.0 + hours * 3_600) };
    let mut retention = Retention::default();
    retention.keep(Record::Audit, 0);
    store.set_retention(&retention, &at(0)).await.unwrap();
    import(&store, &[person("和平小区", "1-1-101", "张小明", "", "绿")]).await;
    let (act, others) = (at(1), Store::open(url).await.unwrap());
    let (one, two) = tokio::join!(store.purge_daily(&act), others.purge_daily(&act));
    let done = [one.unwrap(), two.unwrap()];
    assert_eq!(done.iter().flatten().count(), 1, "{done:?}");
    assert_eq!(store.purge_daily(&at(24)).await.unwrap(), None);
    assert!(store.purge_daily(&at(26)).await.unwrap().is_some());
    assert_eq!(store.certificates().await.unwrap().len(), 2);
    // A clock that was far ahead, and was set right, keeps nothing for ever.
    assert!(store.purge_daily(&at(9_000)).await.unwrap().is_some());
    store.audit(&at(26), Action::Print, "one card").await.unwrap();
    assert!(store.purge_daily(&at(27)).await.unwrap().is_some());
}

/// Names that were planted are in no byte of the database's files, of an export made afterwards, and of a backup.
#[tokio::test(flavor = "multi_thread")]
async fn planted_names_are_gone_from_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("registry.sqlite"));
    let store = Store::open(&url).await.unwrap();
    let list: Vec<_> = (0..500)
        .map(|n| person("和平小区", &format!("{}-1-{}", n / 50, n % 50), "张小明", "", "绿"))
        .collect();
    let planted = Act { by: PLANTED, at: MORNING };
    store.import(&list, &[1..=9], &planted, &mut |_, _| {}).await.unwrap();
    let yellow: Vec<_> = (0..500)
        .map(|n| person("和平小区", &format!("{}-1-{}", n / 50, n % 50), "张小明", "", "黄"))
        .collect();
    store.import(&yellow, &[1..=9], &planted, &mut |_, _| {}).await.unwrap();
    // Whoever decided the colour that holds now is kept with it.
    let later = Act { by: "清理", at: MORNING.plus(1_200 * DAY) };
    store.import(&list, &[1..=9], &later, &mut |_, _| {}).await.unwrap();
    assert!(found_in(folder.path()) > 0, "they were planted");
    let mut retention = Retention::default();
    retention.keep(Record::Standings, 0);
    store.set_retention(&retention, &later).await.unwrap();
    let last = Act { by: "清理", at: MORNING.plus(1_201 * DAY) };
    let certificate = store.purge(&last).await.unwrap().unwrap();
    assert_eq!(certificate.lines[0].1, 1_000);
    // The program is still running: nothing is hidden in what it has open.
    assert_eq!(found_in(folder.path()), 0);
    let mut backup = Vec::new();
    let mut take = |piece: Piece| {
        backup.extend(format!("{piece:?}").into_bytes());
        Ok(())
    };
    store.read_whole(&mut take).await.unwrap();
    assert_eq!(count(&backup), 0);
    assert!(!backup.is_empty());
}

/// How often the planted name stands in the files of a folder.
fn found_in(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.map(|bytes| count(&bytes)).sum()
}

fn count(bytes: &[u8]) -> usize {
    bytes.windows(PLANTED.len()).filter(|window| *window == PLANTED.as_bytes()).count()
}
