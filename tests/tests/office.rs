//! A resident's way through the office's pages by keyboard alone: registered, signed, printed, made red, released; in both languages, on a
//! phone and on a monitor.

use end_to_end::browser::{Browser, Page, Size};
use end_to_end::counter::{Counter, wait_for};
use end_to_end::office::{COMPOUND, Office, roster};
use serde_json::json;

/// More keys than any page needs from one thing to the next.
const MOST_TABS: usize = 150;

/// Moves the focus by the key Tab alone until it is on what this selector finds.
fn tab_to(page: &Page, selector: &str) {
    wait_for(page, &format!("{selector} is there"), &selector.replace('"', "'"));
    for _ in 0..MOST_TABS {
        if page.ask(&format!("document.activeElement.matches({})", json!(selector))) == json!(true) {
            let seen = page.ask(
                "(() => { const box = document.activeElement.getBoundingClientRect(); \
                return box.width > 0 && box.bottom > 0 && box.top < innerHeight; })()",
            );
            assert_eq!(seen, json!(true), "what has the focus is to be seen: {selector}");
            return;
        }
        page.press("Tab");
    }
    panic!("no way by Tab to {selector} on {}", page.ask("location.href"));
}

/// Goes to what this selector finds, and follows or sends it.
fn enter(page: &Page, selector: &str) {
    let before = page.ask("performance.timeOrigin");
    tab_to(page, selector);
    page.press("Enter");
    page.wait_until(
        &format!("{selector} leads somewhere"),
        &format!("performance.timeOrigin !== {before} && document.readyState === 'complete'"),
    );
}

fn type_into(page: &Page, selector: &str, text: &str) {
    tab_to(page, selector);
    page.type_text(text);
}

/// Chooses one of a group of radio buttons, of which none is chosen: the first by the space bar, others by arrows.
fn choose(page: &Page, group: &str, value: &str) {
    tab_to(page, &format!("{group} input[type=radio]"));
    page.press(" ");
    for _ in 0..3 {
        if page.ask(&format!("document.activeElement.value === {}", json!(value))) == json!(true) {
            return;
        }
        page.press("ArrowDown");
    }
    panic!("{value} can't be chosen by keys");
}

fn says(page: &Page, zh: &str, en: &str) {
    let said = format!("document.querySelector('main').textContent.match(/{zh}|{en}/)");
    page.wait_until(&format!("{zh}, {en}"), &said);
}

#[test]
fn a_resident_by_keyboard_alone() {
    let office = Office::with_roster(&roster(3));
    let counter = Counter::of(&office);
    let browser = Browser::shared();
    for (number, (lang, size)) in
        [("zh", Size::PHONE), ("en", Size::PHONE), ("zh", Size::MONITOR), ("en", Size::MONITOR)]
            .into_iter()
            .enumerate()
    {
        let who = format!("member{number}");
        let page = counter.sign_in(&office, &browser, size, (&who, "administrator"));
        page.go(&counter.pages.page(&format!("/?lang={lang}")));
        through_the_office(&page, &format!("90{number}"));
    }
}

fn through_the_office(page: &Page, room: &str) {
    // Registered.
    enter(page, "nav.places a[href='/residents']");
    enter(page, "a[href='/residents/new']");
    assert_eq!(page.ask("document.querySelector('[name=compound]').value"), json!(COMPOUND));
    for (field, text) in [("building", "9"), ("unit", "1"), ("room", room), ("name", "周小全")] {
        type_into(page, &format!("[name={field}]"), text);
    }
    choose(page, "fieldset", "green");
    enter(page, "form.upright button[type=submit]");
    says(page, "已登记。下一步", "Registered. Next");

    // Signed and printed.
    enter(page, "nav.places a[href='/passes']");
    enter(page, "form[action='/passes/sign'] button");
    says(page, "已签发 [0-9]+ 张", "Passes signed");
    enter(page, "form[action='/passes/print'] button");
    // It opens in a viewer of the browser's own.
    tab_to(page, "a.button[href$='/sheets.pdf']");
    enter(page, "button[value=confirm]");
    says(page, "[0-9]+ 张证已确认打印", "Cards confirmed");

    // Red, with a new card in the same step.
    enter(page, "nav.places a[href='/residents']");
    type_into(page, "[name=q]", &format!("9-1-{room}"));
    page.press("Enter");
    wait_for(page, "one is found", "tbody tr:only-child");
    enter(page, "th.name a");
    choose(page, "form[action$='/colour'] fieldset", "red");
    type_into(page, "form[action$='/colour'] [name=why]", "contact");
    enter(page, "form[action$='/colour'] button");
    says(page, "并签发了新证", "a new card is signed");
    says(page, "还有 14 天|还有 13 天", "14 days left|13 days left");

    // Not before its end, and not unchecked.
    let release = |colour: &str| {
        choose(page, "form[action$='/release'] fieldset", colour);
        type_into(page, "form[action$='/release'] [name=why]", "well");
        enter(page, "form[action$='/release'] button");
    };
    release("green");
    says(page, "还不能销号", "nobody can sign off yet");
    tab_to(page, "summary");
    page.press("Enter");
    tab_to(page, "form[action$='/plan'] [name=day]");
    // Month, day and year, as this browser asks for them.
    for digit in "01012020".chars() {
        page.press(&digit.to_string());
    }
    type_into(page, "form[action$='/plan'] [name=why]", "test");
    enter(page, "form[action$='/plan'] button");
    says(page, "计划结束日已改变", "planned end was changed");
    release("green");
    says(page, "没有健康检查", "no health check in the last");
    type_into(page, "[name=temperature]", "36.4");
    enter(page, "form[action$='/check'] button");
    says(page, "36.4 ℃，正常", "36.4 °C, well");
    release("green");
    says(page, "已改变颜色", "Decided");
    wait_for(page, "green again", "h1 .chip.green");
}
