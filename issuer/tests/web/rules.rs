//! The rules of a compound: explained, changed by a form, tried on passages, saved, brought back.

use gate::{Direction, Verdict};
use pass::Colour;
use registry::{Role, Scope};

use super::journal::{Journal, person};
use super::{ACT, MORNING, Office};

/// What a browser sends of the form on a page: its fields with the values that they have.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = &page[page.find("class=\"rules-form\"").unwrap()..];
    let form = &form[..form.find("</form>").unwrap()];
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(
            tag[start..start + tag[start..].find('"')?]
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&#38;", "&"),
        )
    };
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        if tag.starts_with("input") && (!tag.contains("type=\"checkbox\"") || tag.contains(" checked")) {
            fields.push((attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap()));
        }
        if tag.starts_with("select") {
            fields.push((attribute(tag, "name").unwrap(), String::new()));
        }
        if tag.starts_with("option") && tag.ends_with(" selected") {
            fields.last_mut().unwrap().1 = attribute(tag, "value").unwrap();
        }
    }
    fields
}

fn sent(fields: &[(String, String)], changes: &[(&str, &str)]) -> String {
    let kept = fields.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    serde_html_form::to_string(kept.chain(changes.iter().copied()).collect::<Vec<_>>()).unwrap()
}

/// The rules that a page hands on.
fn handed(page: &str, why: &str) -> String {
    let start = page.find("name=\"rules\" value=\"").unwrap() + 20;
    let rules = page[start..start + page[start..].find('"').unwrap()].replace("&#34;", "\"");
    serde_html_form::to_string([("csrf", "the form's own"), ("rules", &rules), ("why", why)]).unwrap()
}

#[tokio::test]
async fn changed_tried_saved_and_brought_back() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let passes = office.passes().await;
    let green = person(&passes, Colour::Green);
    let at = format!("/rules/{}", green.compound.0);
    assert_eq!(office.get("/rules").await.leads_to(), at, "there is one compound alone");
    let page = office.get(&at).await.demand(200);
    assert!(page.contains("红证：出门不放行") && page.contains("还没有修改过"), "{page}");

    // A form that nobody touched says what holds; without passages there is nothing to try it on.
    let form = fields(&office.get(&format!("{at}/change")).await.demand(200));
    let page = office.post(&format!("{at}/try"), &sent(&form, &[])).await.demand(200);
    assert!(page.contains("和现在的规则一样") && page.contains("没有可供试用的通行记录"), "{page}");

    // One person twice on one day, and a rule that lets out one of a household in two days.
    let mut journal = Journal::of("东门");
    journal.judged(MORNING.plus(60), &green, Direction::Out, Verdict::Admit, "");
    journal.judged(MORNING.plus(3_600), &green, Direction::In, Verdict::Admit, "");
    journal.judged(MORNING.plus(7_200), &green, Direction::Out, Verdict::Admit, "");
    office.store.keep_events(green.compound, &journal.events, &ACT).await.unwrap();
    office.clock.set(MORNING.plus(3 * 3_600));
    office.employ("赵六", Role::CommunityWorker, &Scope::Everywhere).await;
    let page = office.post(&format!("{at}/try"), &sent(&form, &[("quotas.0.on", "1")])).await.demand(200);
    for word in [
        "<ins>绿、黄、红证：每户在 2 个日历日内最多外出 1 人次，超过则不放行",
        "重新判定 3 次，其中 1 次结果不同",
        "张*明",
        "3栋2单元501室",
        "<span class=\"said admit\">放行</span> → <span class=\"said refuse\">不放行</span>",
        "已出 1 人次",
    ] {
        assert!(page.contains(word), "{word} is missing: {page}");
    }
    assert!(!page.contains("小明"));
    assert_eq!(office.store.rule_versions(green.compound).await.unwrap(), [], "trying saves nothing");

    // Changed further, then saved, with who and why.
    let further = office.post(&format!("{at}/change"), &handed(&page, "")).await.demand(200);
    assert!(further.contains("name=\"quotas.0.on\" value=\"1\" checked"), "{further}");
    assert_eq!(office.post(&format!("{at}/save"), &handed(&page, "一户一人")).await.leads_to(), at);
    let page = office.get(&at).await.demand(200);
    assert!(
        page.contains("已保存为第 1 版") && page.contains("第 1 版 · 2020-03-01 11:00 · 赵六 · 一户一人"),
        "{page}"
    );
    let page =
        office.post(&format!("{at}/try"), &sent(&form, &[("colours.yellow.out", "check")])).await.demand(200);
    assert!(page.contains("<del>绿、黄、红证：每户") && page.contains("<ins>黄证：出门核对"), "{page}");
    office.post(&format!("{at}/save"), &handed(&page, "")).await.demand(303);

    // An older version is tried as well before it comes back.
    let page = office.get(&format!("{at}/try?version=1")).await.demand(200);
    assert!(page.contains("value=\"恢复第 1 版\"") && page.contains("<ins>绿、黄、红证：每户"), "{page}");
    office.post(&format!("{at}/save"), &handed(&page, "恢复第 1 版")).await.demand(303);
    let kept = office.store.rule_versions(green.compound).await.unwrap();
    assert_eq!((kept.len(), &kept[0].rules, &*kept[0].why), (3, &kept[2].rules, "恢复第 1 版"));
    let english = office.get(&format!("{at}?lang=en")).await.demand(200);
    assert!(english.contains("Version 3") && english.contains("Holds now"), "{english}");
}

#[tokio::test]
async fn what_cannot_be_says_where() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let compound = office.passes().await[0].compound;
    let at = format!("/rules/{}", compound.0);
    let form = fields(&office.get(&format!("{at}/change")).await.demand(200));
    for (changes, told) in [
        (&[("quotas.0.on", "1"), ("quotas.0.days", "99")][..], "外出次数 1：几天之内：请填 1 至 30"),
        (&[("time_zone", "Mars/Olympus")], "没有“Mars/Olympus”这个时区"),
        (&[("temperature.low", "38.0")], "测错的温度须低于发热的温度"),
        (&[("closing.on", "1"), ("closing.open.until", "late")], "关门时间：到：请填时间"),
    ] {
        let page = office.post(&format!("{at}/try"), &sent(&form, changes)).await.demand(200);
        assert!(page.contains("role=\"alert\"") && page.contains(told), "{told}: {page}");
    }
    let nonsense = "csrf=the+form%27s+own&rules=%7B%7D";
    let page = office.post(&format!("{at}/save"), nonsense).await.demand(200);
    assert!(page.contains("这套规则读不懂"), "{page}");
    for path in ["/rules/999", "/rules/x", "/rules/1/try?version=7", "/rules/1/try"] {
        office.get(path).await.demand(404);
    }
    assert_eq!(office.store.rule_versions(compound).await.unwrap(), []);
}

#[tokio::test]
async fn whose_rules_they_are() {
    let office = Office::open().await;
    let at = format!("/rules/{}", office.passes().await[0].compound.0);
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    for path in ["/rules", &at, &format!("{at}/change"), &format!("{at}/try?version=1")] {
        office.get(path).await.demand(403);
    }
    office.post(&format!("{at}/save"), "csrf=the+form%27s+own&rules=x").await.demand(403);
    office.store.set_role("物业", Role::CommunityWorker, &Scope::Compounds(vec![]), &ACT).await.unwrap();
    office.get(&at).await.demand(404);
    office.post(&format!("{at}/save"), "csrf=the+form%27s+own&rules=x").await.demand(404);
    office.post(&format!("{at}/try"), "csrf=another").await.demand(403);
}
