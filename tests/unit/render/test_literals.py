"""Text and names from specs stay text and names in every dialect, whatever they hold."""

from __future__ import annotations

import datetime
import re

import duckdb
import pytest
import sqlglot
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlglot import expressions as exp

from dbt_muster.plan.literals import jinja_literal, jinja_string
from dbt_muster.render import DIALECTS, Renderer, RenderError
from dbt_muster.render.macros import macro_folder

RENDERERS = {dialect: Renderer(dialect) for dialect in DIALECTS}

HOSTILE = [
    "O'Hara",
    "''; drop table customers; --",
    "a -- comment",
    "/* not a comment */",
    'double " quote',
    "back\\slash",
    "ends with a backslash\\",
    "\\'; drop table customers; --",
    "{{ var('x') }} {% if %} {# note #}",
    "}} %} #}",
    "`backtick`",
    "$1 :name ? %s %(x)s",
    "line one\nline two\ttab",
    "naïve 東京 😀 \u202e",
    "$$ dollar $$",
    "",
]

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def read_back(sql: str, dialect: str) -> str:
    """The value that a dialect's own grammar reads in a literal."""
    tree = sqlglot.parse_one(f"select {sql} as value", dialect=dialect)
    literal = tree.find(exp.Literal)
    assert isinstance(tree, exp.Select)
    assert len(tree.expressions) == 1
    assert literal is not None
    return str(literal.this)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_literal_reads_back_as_the_same_text(dialect: str, text: str) -> None:
    """Every dialect's grammar sees one literal, with the text unchanged."""
    assert read_back(RENDERERS[dialect].call("muster_string", text), dialect) == text


def test_no_macro_indents_sql_because_a_text_in_it_may_have_several_lines() -> None:
    """Jinja's filter writes into literals too, and takes much for the end of a line."""
    indenting = [
        path.name for path in macro_folder().rglob("*.sql") if re.search(r"\bindent\b", path.read_text())
    ]
    assert indenting == []


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=TEXT)
def test_any_text_literal_reads_back_as_the_same_text(dialect: str, text: str) -> None:
    """As above, for text that nobody thought of."""
    assert read_back(RENDERERS[dialect].call("muster_string", text), dialect) == text


@given(text=TEXT)
def test_duckdb_itself_reads_any_text_literal_back(text: str) -> None:
    """The engine agrees with the grammar."""
    literal = RENDERERS["duckdb"].call("muster_string", text)
    assert duckdb.execute(f"select {literal}").fetchall() == [(text,)]


@pytest.mark.parametrize("dialect", DIALECTS)
@given(name=TEXT.filter(bool))
def test_any_name_is_one_quoted_identifier(dialect: str, name: str) -> None:
    """A name never ends early, nor spills into the statement."""
    assume(dialect != "bigquery" or "." not in name)
    quoted = RENDERERS[dialect].call("muster_identifier", name)
    tree = sqlglot.parse_one(f"select {quoted}", dialect=dialect)
    identifiers = list(tree.find_all(exp.Identifier))
    assert len(identifiers) == 1
    assert identifiers[0].args["quoted"] is True


def test_a_plain_lower_case_name_means_the_unquoted_name_on_snowflake() -> None:
    """Snowflake stores names written without quotes in capitals."""
    assert RENDERERS["snowflake"].call("muster_identifier", "customer_id") == '"CUSTOMER_ID"'
    assert RENDERERS["snowflake"].call("muster_identifier", "customerId") == '"customerId"'


def test_a_name_with_a_dot_is_refused_where_it_would_be_a_path() -> None:
    """BigQuery splits even a quoted name at its dots."""
    with pytest.raises(RenderError, match="reads a dot as a path"):
        RENDERERS["bigquery"].call("muster_identifier", "a.b")


@pytest.mark.parametrize("text", ["1e5", "0x10", "1; drop table x", "1.", "", "1 or 1=1", "٣"])
def test_a_number_is_plain_decimal_digits_or_refused(text: str) -> None:
    """Nothing else can pass for a number."""
    with pytest.raises(RenderError, match="not a plain decimal number"):
        RENDERERS["duckdb"].call("muster_number", text)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_as_a_literal_in_a_stub(text: str) -> None:
    """What looks like Jinja in a spec is text in the stub, in statements and in expressions."""
    renderer = RENDERERS["duckdb"]
    statement = f"{{%- set planned = {jinja_literal({'a': [text]})} -%}}"
    stub = statement + f"{{{{ planned['a'][0] ~ {jinja_string(text)} ~ '.' }}}}"
    assert renderer._environment.from_string(stub).render() == f"{text}{text}."


@pytest.mark.parametrize(
    ("given_text", "instant"),
    [
        ("2026-01-31", datetime.datetime(2026, 1, 31)),
        ("2026-01-31T09:30:00Z", datetime.datetime(2026, 1, 31, 9, 30)),
        ("2026-01-31 09:30:00+01:00", datetime.datetime(2026, 1, 31, 8, 30)),
        ("2026-01-31 09:30:00.000001", datetime.datetime(2026, 1, 31, 9, 30, 0, 1)),
    ],
)
def test_as_of_takes_a_date_or_a_timestamp(given_text: str, instant: datetime.datetime) -> None:
    """With an offset or in UTC."""
    renderer = Renderer("duckdb", variables={"muster_as_of": given_text})
    assert renderer.value("muster_as_of") == instant


def test_as_of_refuses_what_is_not_a_time() -> None:
    """And says what it takes."""
    renderer = Renderer("duckdb", variables={"muster_as_of": "yesterday"})
    with pytest.raises(RenderError, match="expected a date or a timestamp"):
        renderer.value("muster_as_of")


def test_without_the_variable_as_of_is_when_the_run_started() -> None:
    """In UTC, whatever zone the clock shows."""
    started = datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    assert Renderer("duckdb", run_started_at=started).value("muster_as_of") == datetime.datetime(
        2026, 7, 1, 10
    )
