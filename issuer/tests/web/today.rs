//! The day's page.

use gate::{Direction, Verdict};
use pass::Colour;
use registry::{Role, Scope};
use store::ColourChange;

use super::journal::{Journal, person};
use super::{ACT, MORNING, Office};

const DAY: i64 = 86_400;

#[tokio::test]
async fn what_there_is_to_do_and_what_happened() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let page = office.get("/").await.demand(200);
    assert!(page.contains("没有要办的事") && page.contains("这几天没有卡点的通行记录"), "{page}");
    for count in [("绿", 2), ("黄", 0), ("红", 1)] {
        assert!(
            page.contains(&format!("<span>{}</span> <strong>{}</strong>", count.0, count.1)),
            "{count:?}: {page}"
        );
    }

    let passes = office.passes().await;
    let (green, red) = (person(&passes, Colour::Green), person(&passes, Colour::Red));
    let mut journal = Journal::of("东门");
    // On the day before, and at 10:00 and 11:00 of the day.
    journal.judged(MORNING.plus(-DAY), &green, Direction::Out, Verdict::Admit, "");
    journal.judged(MORNING.plus(7_200), &green, Direction::Out, Verdict::Admit, "");
    let stopped = journal.judged(MORNING.plus(7_300), &red, Direction::Out, Verdict::Refuse, "red_out");
    journal.overridden(MORNING.plus(7_310), stopped, Verdict::Admit);
    journal.judged(MORNING.plus(10_800), &green, Direction::In, Verdict::Admit, "");
    journal.manual(MORNING.plus(10_900), Direction::In);
    journal.judged(MORNING.plus(11_000), &red, Direction::Out, Verdict::Refuse, "red_out");
    office.store.keep_events(green.compound, &journal.events, &ACT).await.unwrap();
    for (gate, key) in [("东门", "1"), ("西门", "2")] {
        office.store.put_gate(gate, green.compound, key, &ACT).await.unwrap();
    }
    office.clock.set(MORNING.plus(4 * 3_600));
    office.employ("赵六", Role::CommunityWorker, &Scope::Everywhere).await;
    let page = office.get("/").await.demand(200);
    let figure = |word: &str, count: u32| {
        assert!(
            page.contains(&format!("<span>{word}</span> <strong>{count}</strong>")),
            "{word} {count}: {page}"
        );
    };
    for (word, count) in
        [("出", 2), ("进", 2), ("不放行", 1), ("人工改判", 1), ("无证登记", 1), ("紧急开门", 0)]
    {
        figure(word, count);
    }
    assert!(page.contains("西门 还没有任何记录") && !page.contains("东门 从"), "{page}");
    let row = |name: &str, counts: &[u32]| {
        let cells: String = counts.iter().map(|count| format!("<td role=\"cell\">{count}</td>")).collect();
        let row = format!("<th role=\"rowheader\" scope=\"row\">{name}</th>{cells}</tr>");
        assert!(page.contains(&row), "{row}: {page}");
    };
    row("10:00", &[2, 0]);
    row("11:00", &[0, 2]);
    row("2020-02-29", &[1, 0]);
    row("2020-03-01", &[2, 2]);
    row("东门", &[2, 0, 1, 1]);
    row("西门", &[0, 0, 0, 0]);
    assert_eq!(page.matches("class=\"plot\"").count(), 3);

    // Another day: what happened, and nothing to do.
    let page = office.get("/?day=2020-02-29&lang=en").await.demand(200);
    assert!(page.contains("<span>Out</span> <strong>1</strong>") && !page.contains("To do"), "{page}");
    assert!(
        page.contains("href=\"/?day=2020-03-01&#38;compound=\"")
            || page.contains("day=2020-03-01&amp;compound=")
    );
    for day in ["2020-03-09", "yesterday", "-9999-01-01", "-9998-12-31", "2020-02-30"] {
        let page = office.get(&format!("/?day={day}")).await.demand(200);
        assert!(page.contains("要办的事") || page.contains("这一天"), "{day}");
    }
}

#[tokio::test]
async fn what_is_due_is_said_to_whom_it_concerns() {
    let office = Office::open().await;
    let passes = office.passes().await;
    let green = person(&passes, Colour::Green);
    let red = ColourChange { colour: Colour::Red, why: "从疫区返回", sign_off: store::SignOff::None };
    office.store.set_colour(green.compound, green.holder, &red, &ACT).await.unwrap();
    office.clock.set(MORNING.plus(25 * DAY));
    office.employ("李医生", Role::HealthWorker, &Scope::Everywhere).await;
    let page = office.get("/").await.demand(200);
    assert!(page.contains("2 人居家观察今天到期或已到期") && !page.contains("快到期"), "{page}");
    office.store.set_role("李医生", Role::CommunityWorker, &Scope::Everywhere, &ACT).await.unwrap();
    let page = office.get("/").await.demand(200);
    assert!(page.contains("3 张通行证快到期") && page.contains("href=\"/passes\""), "{page}");
    let nowhere = Scope::Compounds(vec![]);
    office.store.set_role("李医生", Role::CommunityWorker, &nowhere, &ACT).await.unwrap();
    let page = office.get("/").await.demand(200);
    assert!(page.contains("没有要办的事") && page.contains("<span>红</span> <strong>0</strong>"), "{page}");
}
