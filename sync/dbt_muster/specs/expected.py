"""What stands at a key, in words."""

from __future__ import annotations

from decimal import Decimal

from dbt_muster.specs.points import DURATION_EXPECTED, POINT_EXPECTED
from dbt_muster.specs.windows import ON_EXPECTED
from dbt_muster.specs.yaml_tree import YamlPath

_TEXT_OPERAND = "a text, or `{attribute: …}`, `{trait: …}` or, in `where`, `{property: …}`"
_NUMBER_OPERAND = "a number, or `{attribute: …}`, `{trait: …}` or, in `where`, `{property: …}`"
_LIST = "a list of values, such as `[a, b]`"
_AGGREGATE = "a mapping of a property and operators, such as `{of: amount, at_least: 10}`"
DISTANCE_EXPECTED = "a distance, such as `10 km`, `800 m` or `2.5 miles`"
_NEAR = "a point and a distance, such as `{latitude: 51.5, longitude: -0.12, within: 10 km}`"
_GROUP = "a list of conditions, each with a dash before it"

ALERT_EXPECTED = "{type: slack, url: \"{{ env_var('SLACK_ALERTS_URL') }}\"}"

EXPECTED: dict[str, str] = {
    "in": _LIST,
    "not_in": _LIST,
    "includes_any": _LIST,
    "includes_all": _LIST,
    "between": "a list of two values, such as `[10, 20]` or `[90 days ago, 30 days ago]`",
    "at_least": _NUMBER_OPERAND,
    "at_most": _NUMBER_OPERAND,
    "more_than": _NUMBER_OPERAND,
    "less_than": _NUMBER_OPERAND,
    "contains": _TEXT_OPERAND,
    "not_contains": _TEXT_OPERAND,
    "starts_with": _TEXT_OPERAND,
    "not_starts_with": _TEXT_OPERAND,
    "ends_with": _TEXT_OPERAND,
    "not_ends_with": _TEXT_OPERAND,
    "matches": "a regular expression as text",
    "not_matches": "a regular expression as text",
    "is": "a value; `is_set: false` is for a missing one",
    "is_not": "a value; `is_set: true` is for one that is not missing",
    "is_set": "`true` or `false`",
    "ignore_case": "`true` or `false`",
    "enabled": "`true` or `false`",
    "within": DURATION_EXPECTED,
    "not_within": DURATION_EXPECTED,
    "within_next": DURATION_EXPECTED,
    "before": POINT_EXPECTED,
    "after": POINT_EXPECTED,
    "since": POINT_EXPECTED,
    "on": ON_EXPECTED,
    "near": _NEAR,
    "not_near": _NEAR,
    "latitude": "degrees north of the equator, such as `51.5`",
    "longitude": "degrees east of Greenwich, such as `-0.12`",
    "count": "a mapping of operators, such as `{at_least: 3}`",
    "distinct": _AGGREGATE,
    "sum": _AGGREGATE,
    "average": _AGGREGATE,
    "min": _AGGREGATE,
    "max": _AGGREGATE,
    "first": "a mapping of operators, such as `{within: 30 days}`",
    "last": "a mapping of operators, such as `{within: 30 days}`",
    "most_frequent": "a mapping of a property and operators, such as `{of: category, is: books}`",
    "first_time": "a window, such as `{within: 7 days}`",
    "periods": "a mapping such as `{at_least: 3, of: 4, each: week}`",
    "each": "a unit or a length of time, such as `week` or `30 days`",
    "per": "a unit or a length of time, such as `week` or `30 days`",
    "unique_list": "a mapping of a property and an event, such as `{of: category, event: orders}`",
    "days_since_first": "a mapping with an event, such as `{event: orders}`",
    "days_since_last": "a mapping with an event, such as `{event: orders}`",
    "rate": "a mapping such as `{event: orders, per: week, within: 90 days}`",
    "share": "a mapping such as `{event: orders, where: [{property: status, is: returned}]}`",
    "all": _GROUP,
    "any": _GROUP,
    "none": _GROUP,
    "criteria": "a mapping of `all`, `any` and `none`, or a list of conditions",
    "where": "a list of conditions, such as `[{property: status, is: completed}]`",
    "of": "the name of a property",
    "sequence": "a list of two steps or more, such as `[{event: app.cart_updated}, {event: orders}]`; "
    "a single event is a condition of its own, `event: orders`",
    "without": "the name of an event source, such as `orders` or `app.cart_updated`",
    "as": "a name for this step",
    "step": "the name that an earlier step has by its `as`",
    "event": "the name of an event source, such as `orders` or `app.cart_updated`",
    "model": "a dbt model or source, such as `ref('dim_customers')`",
    "through": "the name of another entity, such as `account`",
    "match": "`any`, `all` or `none`",
    "aliases": "a mapping of `model`, `from` and `to`",
    "key": "the name of a column",
    "at": "the name of a column",
    "entity": "the name of an entity",
    "type": "its kind",
    "to": "the name of a destination",
    "tags": "a list of texts, such as `[retention]`",
    "match_on": "a list of identifiers, such as `[email, phone]`",
    "sync": "a list of destinations, such as `[{to: files}]`",
    "extends": "the name of an audience",
    "parameters": "a mapping of names and values, such as `{country: GB}`",
    "stay": "a length of time, such as `30 days`",
    "expire": "a length of time, such as `90 days`",
    "limit": "a mapping of a number and a value, such as `{top: 10000, by: lifetime_value}`",
    "top": "a whole number, 1 or more",
    "by": "the name of a trait or an attribute",
    "split": "a mapping of variants, such as `{control: 10%, email: 90%}`",
    "history": DURATION_EXPECTED,
    "accept": "a list of findings, each such as `{finding: missing_counts, because: guests are welcome}`",
    "finding": "the code of a finding of `muster check`",
    "because": "why the finding is right, as text",
    "variants": "a list of variants, such as `[email]`",
    "largest_change": "a percentage, such as `30%`, a whole number, such as `5000`, or both, such as "
    "`{share: 30%, members: 5000}`",
    "largest_audience": "a whole number, 0 or more",
    "alerts": f"a list of alerts, such as `[{ALERT_EXPECTED}]`",
    "stale_after": "a length of time, such as `24 hours`",
    "size_change": "a percentage, such as `50%`",
    "freshness": "a length of time, such as `24 hours`",
    "failed_tests": "`block` or `ignore`",
    "smallest_audience": "a whole number, 0 or more",
    "default_country": "a country's two capital letters, such as `GB` (ISO 3166-1)",
    "hashed": "`sha256`",
    "most": "a whole number from 1 to 100",
    "list": "`true` or `false`",
    "as_of": "a day, or a day and time, such as `2026-11-01`",
    "given": "a mapping of tables, each with a list of rows",
    "expect": "a list of keys, such as `[1, 2]`",
    "priority": "a list of audiences",
    "largest_cluster": "a whole number from 2 to 10000",
    "link": "two identifiers, such as `[user: user_id, device: device_id]`",
    "links": "a list of tables, such as `[{model: ref('logins'), link: [user: user_id, device: device_id]}]`",
    "suppress": "a list of audiences",
    "holdout": "a percentage such as `5%`, or a mapping of `share` and `salt`",
}
"""What a key is followed by, after "expected"."""


_EXPECTED_UNDER: dict[tuple[str, str], str] = {
    ("near", "within"): DISTANCE_EXPECTED,
    ("not_near", "within"): DISTANCE_EXPECTED,
    ("", "through"): "a mapping of `entity` and `key`, or a list of such",
    ("aliases", "to"): "the name of a column",
    ("aliases", "from"): "the name of a column",
    ("alerts", "on"): "a list of `failure` and `blocked`",
    ("alerts", "type"): "`slack` or `webhook`",
    ("alerts", "url"): "an address out of the environment",
    ("largest_change", "share"): "a percentage, such as `30%`",
    ("largest_change", "members"): "a whole number, 0 or more",
    ("periods", "of"): "how many periods are looked at, a whole number from 1 to 100",
}
"""The same for keys that mean something else under a certain key, or, under none, at the top."""


def expected_at(path: YamlPath) -> str | None:
    """What the last key of a path is followed by; None where nothing is said of it."""
    keys = [str(item) for item in path if isinstance(item, str)]
    if not keys:
        return None
    under = keys[-2] if len(keys) > 1 else ""
    return _EXPECTED_UNDER.get((under, keys[-1])) or EXPECTED.get(keys[-1])


def kind_of(value: object) -> str:
    """What a value is, in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | Decimal():
            return f"the number `{value}`"
        case str():
            return f"the text `{value}`"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return "something else"
