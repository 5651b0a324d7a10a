//! The rules of a compound as JSON Schema: `gate::Policy`, member by member, with the limits that `Policy::check` sets.

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// Stands in the document for rules. Every member must be there; one that is null says that there is no such rule.
pub(super) struct Described;

impl PartialSchema for Described {
    fn schema() -> RefOr<Schema> {
        let schema = serde_json::from_value(policy()).expect("a test reads the document");
        RefOr::T(schema)
    }
}

impl ToSchema for Described {
    fn name() -> std::borrow::Cow<'static, str> {
        "Policy".into()
    }
}

/// An object with all of these members, and no others.
fn object(members: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({
        "type": "object", "required": names, "properties": properties, "additionalProperties": false,
    })
}

fn or_null(schema: &Value) -> Value {
    json!({ "oneOf": [{ "type": "null" }, schema] })
}

fn verdict() -> Value {
    json!({ "type": "string", "enum": ["admit", "check", "refuse"] })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn number(least: u32, most: u32) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

fn each_way(of: &Value) -> Value {
    object(&[("out", of.clone()), ("entry", of.clone())])
}

fn each_colour(of: &Value) -> Value {
    object(&[("green", of.clone()), ("yellow", of.clone()), ("red", of.clone())])
}

fn few(of: &Value) -> Value {
    json!({ "type": "array", "maxItems": 8, "items": of })
}

fn limit() -> Value {
    object(&[("persons", number(0, 65_535)), ("over", verdict())])
}

fn window() -> Value {
    let until =
        json!({ "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "example": "21:00" });
    let from = json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "07:30" });
    object(&[("from", from), ("until", until)])
}

/// Thirty days, in minutes: nothing looks back further.
const MINUTES: u32 = 30 * 24 * 60;

fn policy() -> Value {
    let colour = object(&[
        ("out", verdict()),
        ("entry", verdict()),
        ("entry_alert", flag()),
        ("old_list", verdict()),
        ("unknown_pass", verdict()),
        ("clock_in_doubt", verdict()),
        ("searched", verdict()),
        ("party", or_null(&limit())),
    ]);
    let when = json!({ "oneOf": [
        object(&[("within_minutes", number(1, MINUTES))]),
        object(&[("while_outside_at_most_hours", number(1, MINUTES / 60))]),
    ]});
    let together = object(&[
        ("colours", each_colour(&flag())),
        ("whom", json!({ "type": "string", "enum": ["household", "anyone"] })),
        ("when", when),
        ("verdict", verdict()),
    ]);
    let quota = object(&[
        ("per", json!({ "type": "string", "enum": ["household", "person"] })),
        ("exits", number(0, 1_000)),
        ("days", number(1, 30)),
        ("count", json!({ "type": "string", "enum": ["rolling", "calendar_days"] })),
        ("colours", each_colour(&flag())),
        ("exemptions", flag()),
        ("verdict", verdict()),
    ]);
    let closing = object(&[("open", window()), ("shut", each_way(&verdict())), ("exemptions", flag())]);
    let exit_windows = object(&[
        ("windows", few(&window())),
        ("colours", each_colour(&flag())),
        ("outside", verdict()),
        ("exemptions", flag()),
    ]);
    let vehicles = object(&[
        ("plate_unread", verdict()),
        ("plate_differs", verdict()),
        ("alone", verdict()),
        ("persons", or_null(&limit())),
    ]);
    let visitors = object(&[
        ("may", each_way(&verdict())),
        ("longest_hours", number(1, 24 * 366)),
        ("longer", verdict()),
        ("red_host", verdict()),
        ("unknown_host", verdict()),
    ]);
    let degrees = |least: u32, most: u32| {
        json!({
            "type": "number", "minimum": least, "maximum": most, "example": 37.3,
            "description": "Degrees Celsius with one decimal. Below which it is a wrong measurement must be less than what is a fever.",
        })
    };
    let temperature = object(&[
        ("fever", degrees(30, 45)),
        ("low", degrees(0, 45)),
        ("rest_minutes", number(0, 24 * 60)),
        ("missing", each_way(&verdict())),
        ("again", each_way(&verdict())),
        ("high", each_way(&verdict())),
    ]);
    let passback = object(&[("verdict", each_way(&verdict())), ("minutes", number(1, MINUTES))]);
    object(&[
        (
            "time_zone",
            json!({
                "type": "string", "pattern": "^[A-Za-z_]{1,20}(/[A-Za-z_]{1,20})*$", "example": "Asia/Shanghai",
                "description": "The name of a time zone (IANA)",
            }),
        ),
        ("colours", each_colour(&colour)),
        ("together", few(&together)),
        ("quotas", few(&quota)),
        ("closing", or_null(&closing)),
        ("exit_windows", or_null(&exit_windows)),
        ("vehicles", or_null(&vehicles)),
        ("visitors", or_null(&visitors)),
        ("temperature", or_null(&temperature)),
        ("passback", or_null(&passback)),
        ("lapse_minutes", or_null(&number(1, 24 * 60))),
    ])
}
