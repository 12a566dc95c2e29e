"""The corpus of mistakes: spec files that are wrong, and every problem that is reported about them.

A case is one text file: the spec files, each after a line `=== <path>`, and the report after `=== report`. A
case that gives no entities, destinations or traits of its own is read with those of `GOOD`. After a change of
wording, write the reports anew with `PYTHONPATH=sync:. python tests/unit/specs/corpus.py`, and read the diff.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from dbt_muster.destinations.checking import check_destinations
from dbt_muster.specs import SpecErrors, load

CASES = Path(__file__).parent / "mistakes"
REPORT = "report"

GOOD = {
    "audience_specs/entities.yml": """\
entity: customer
model: ref('dim_customers')
key: customer_id
timezone: Europe/London
attributes:
  country: {type: string}
  birthday: {type: date}
  age: {type: integer}
  score: {type: number}
  subscribed: {type: boolean}
  interests: {type: list}
  renewed_at: {type: timestamptz}
  anything:
identifiers: {email: email, phone: {column: phone, default_country: GB}}
consent: {advertising: ad_consent}
events:
  orders:
    model: ref('fct_orders')
    key: customer_id
    at: ordered_at
    id: order_id
    properties: {status: {type: string}, amount: {type: number}, coupons: {type: list}, due: {type: date}}
  app:
    model: source('product', 'events')
    key: user_id
    at: {column: event_time, type: timestamptz}
    name: event_name
    properties: {screen: {type: string}}
---
entity: account
model: source('crm', 'accounts')
key: id
""",
    "audience_specs/destinations.yml": """\
destination: drop
type: files
path: drop
consent: advertising
""",
    "audience_specs/traits/lifetime_value.yml": """\
trait: lifetime_value
entity: customer
sum: {of: amount, event: orders}
""",
    "audience_specs/traits/seats.yml": """\
trait: seats
entity: account
count: {event: logins}
""",
    "audience_specs/audiences/vip.yml": """\
audience: vip
entity: customer
criteria: [{trait: lifetime_value, at_least: 1000}]
""",
}
GOOD["audience_specs/entities.yml"] += """\
events:
  logins: {model: ref('logins'), key: account_id, at: at}
"""


def write_project(root: Path, files: dict[str, str], *, good: bool = True) -> Path:
    """A project of spec files in a folder; with `good`, what the files leave out is there and right."""
    for name, text in ({**GOOD, **files} if good else files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return root


def parse(case: Path) -> tuple[dict[str, str], str]:
    """The spec files of a case, and its report."""
    parts: dict[str, str] = {}
    for part in case.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, text = part.partition("\n")
        parts[name.strip()] = text
    return parts, parts.pop(REPORT, "")


def report(files: dict[str, str], root: Path) -> str:
    """What is reported about the files: of the specs, and where they are right, of what destinations take."""
    try:
        check_destinations(load(write_project(root, files)), root)
    except SpecErrors as errors:
        return f"{errors}\n"
    return "nothing is wrong\n"


def rewrite() -> None:
    """Writes the report of every case anew."""
    for case in sorted(CASES.glob("*.txt")):
        files, _ = parse(case)
        with tempfile.TemporaryDirectory() as folder:
            found = report(files, Path(folder))
        text = "".join(f"=== {name}\n{content}" for name, content in files.items())
        case.write_text(f"{text}=== {REPORT}\n{found}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    rewrite()
