"""Errors that a platform tells in its answers' bodies: what their codes mean, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from dbt_muster.destinations.answers import Kind, Meaning, plain_words, value_at, values_at
from dbt_muster.destinations.named import first_at


class Code(NamedTuple):
    """What some codes mean.

    Attributes:
        codes: a regular expression for all of each, such as `4|17` or `80\\d{3}`; with its subcode a code is
            `100/33`.
        kind: as in `Meaning`.
        advice: for people, what to do; the platform's own words stand before it.
        wait: as in `Meaning`.
        doubtful: as in `Meaning`.
    """

    codes: str
    kind: Kind
    advice: str = ""
    wait: float | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class Codes:
    """Where a platform's answers have errors with codes, and what these mean.

    Places inside JSON are paths as in `values_at`: the first below an answer, the others below an error.

    Attributes:
        known: what codes mean, and with a subcode before without.
        other: the kind of an error of any other code, where its status does not say `later` or `gone`; None
            is what the status says, and of a 2xx `refused`.
        errors: where an answer may have errors.
        code: where an error may have codes.
        subcode: where it has what divides its code further.
        words: where it may have words; the first that are there count.
        one: where it has the place of the one thing that it is about, from 0. What its code does not say is
            left to whoever made the call.
        many: a regular expression for the paths of calls that are about many things; any other call is about
            one, which is refused with it.
        passes: where an error says that it will pass by itself, as every HTTP 5xx does.
        fine: a regular expression for codes that mean that all is well.
        always: whether every good answer has one of these, so that a 2xx without is in doubt.
        gateway: whether any answer that is not JSON comes from a gateway in trouble, and passes. Of a 2xx
            that is always so.
    """

    known: tuple[Code, ...]
    other: Kind | None = None
    errors: tuple[str, ...] = ("",)
    code: tuple[str, ...] = ("code",)
    subcode: str = ""
    words: tuple[str, ...] = ("message",)
    one: str = ""
    many: str = ""
    passes: str = ""
    fine: str = ""
    always: bool = False
    gateway: bool = False

    def meaning(self, response: httpx.Response, plain: Meaning) -> Meaning:
        """What an answer means.

        Args:
            response: the answer.
            plain: what it means by its status.
        """
        try:
            content = response.json()
        except ValueError:
            passes = response.is_success or self.gateway
            return _doubt(response, "without JSON") if passes else plain
        errors = [each for path in self.errors for each in values_at(content, path) if self._codes(each)]
        if self.always and response.is_success and not errors:
            return _doubt(response, "without a code")
        errors = [each for each in errors if not self._is_fine(each)]
        found = next(((error, code) for error in errors if (code := self._known(error))), None)
        if found is None:
            unknown = Code("", self._other(plain))
            one = self.one and (not self.many or re.search(self.many, response.request.url.path))
            found = next(((each, unknown) for each in errors if not (one and self._is_about_one(each))), None)
        return plain if found is None else self._told(response, plain, *found)

    def _other(self, plain: Meaning) -> Kind:
        by_status: Kind = "refused" if plain.kind == "taken" else plain.kind
        return by_status if plain.kind in ("later", "gone") else self.other or by_status

    def _codes(self, error: Any) -> list[str]:
        """The codes of an error, each with its subcode before itself."""
        own = [str(code) for path in self.code for code in values_at(error, path)]
        sub = value_at(error, self.subcode) if self.subcode else None
        return [*(f"{code}/{sub}" for code in own if sub is not None), *own]

    def _is_fine(self, error: Any) -> bool:
        return bool(self.fine) and all(re.fullmatch(self.fine, code) for code in self._codes(error))

    def _known(self, error: Any) -> Code | None:
        codes = self._codes(error)
        return next((each for code in codes for each in self.known if re.fullmatch(each.codes, code)), None)

    def _is_about_one(self, error: Any) -> bool:
        place = value_at(error, self.one)
        return isinstance(place, int) and place >= 0

    def _told(self, response: httpx.Response, plain: Meaning, error: Any, code: Code) -> Meaning:
        told = f"says: {plain_words(first_at(error, self.words))} (code {', '.join(self._codes(error))})"
        passes = response.status_code >= 500 or (self.passes and value_at(error, self.passes))
        wait = plain.wait if code.wait is None else code.wait
        return Meaning(
            "later" if passes else code.kind,
            f"{told}; {code.advice}" if code.advice else told,
            wait,
            code.doubtful,
        )


def _doubt(response: httpx.Response, what: str) -> Meaning:
    return Meaning("later", f"HTTP {response.status_code} {what}", doubtful=True)
