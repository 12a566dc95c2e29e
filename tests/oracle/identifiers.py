"""How platforms ask for identifiers to be written: plain Python, from what they publish and not from the SQL.

Sources: Meta's audience guide and Conversions API SDK (26.0), Google's Data Manager formatting guide (v1),
the connectors for Reddit, LinkedIn and Snapchat, E.164 by Google's libphonenumber.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Callable
from datetime import date

import phonenumbers

WHITE_SPACE = (
    "".join(map(chr, [*range(1, 0x21), *range(0x7F, 0xA1)]))
    + "\u1680"
    + "".join(map(chr, range(0x2000, 0x200C)))
    + "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""Control characters, what else Unicode calls white space, and two characters without any width."""

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_STATES = {"new york": "ny", "california": "ca", "québec": "qc", "british columbia": "bc", "texas": "tx"}
"""A few of them: enough to tell whether names become codes."""


def sent(rule: str, value: str) -> str | None:
    """The normal form of a value; None where it cannot be used."""
    return RULES[rule](value)


def refusal(rule: str, value: str) -> str | None:
    """Why a value cannot be used; None where it can be."""
    if sent(rule, value) is not None:
        return None
    if not value.strip(WHITE_SPACE):
        return "empty"
    if rule == "maid" and set(value.strip(WHITE_SPACE)) == {"0", "-"}:
        zeros = value.strip(WHITE_SPACE) == "00000000-0000-0000-0000-000000000000"
        return "all_zeros" if zeros else "not_an_advertising_id"
    return _REASONS[rule]


def sha256(value: str) -> str:
    """The hash that platforms ask for: unsalted, of the text in UTF-8, in lower-case hex."""
    return hashlib.sha256(value.encode()).hexdigest()


def _address(value: str) -> str | None:
    local, _, domain = value.partition("@")
    dots = [place for place, character in enumerate(domain) if character == "."]
    usable = local and "@" not in domain and any(0 < place < len(domain) - 1 for place in dots)
    return value if usable and not set(value) & set(WHITE_SPACE) else None


def _email(value: str) -> str | None:
    return _address(value.strip(WHITE_SPACE).lower())


def _email_nospace(value: str) -> str | None:
    return _address(_without(value, WHITE_SPACE).lower())


def _email_google(value: str) -> str | None:
    address = _email_nospace(value)
    if address is None or not _mailbox(address):
        return None
    domain = address.partition("@")[2]
    return f"{_mailbox(address)}@{domain}" if domain in ("gmail.com", "googlemail.com") else address


def _email_dotless(value: str) -> str | None:
    address = _email(value)
    if address is None or not _mailbox(address):
        return None
    return f"{_mailbox(address)}@{address.partition('@')[2]}"


def _mailbox(address: str) -> str:
    return address.partition("@")[0].partition("+")[0].replace(".", "")


def _without(value: str, characters: str) -> str:
    return "".join(character for character in value if character not in characters)


def _name(value: str) -> str | None:
    return _without(value.lower(), WHITE_SPACE + string.punctuation) or None


def _initial(value: str) -> str | None:
    return (_name(value) or "")[:1] or None


def _city(value: str) -> str | None:
    kept = string.ascii_lowercase + string.digits
    return "".join(character for character in value.lower() if character in kept) or None


def _state(value: str) -> str | None:
    codes = {_name(name): code for name, code in _STATES.items()}
    name = _name(value)
    return codes.get(name, name)


def _postcode(value: str) -> str | None:
    kept = _without(value.lower(), WHITE_SPACE).partition("-")[0]
    return (kept[:5] if re.fullmatch("[0-9]{9}", kept) else kept) or None


def _country(value: str) -> str | None:
    code = value.strip(WHITE_SPACE).lower()
    code = {"uk": "gb", "el": "gr"}.get(code, code)
    # Google's library knows all countries with telephones; a few of ISO 3166-1 have none of their own.
    known = {*phonenumbers.SUPPORTED_REGIONS, "AQ", "BV", "GS", "HM", "PN", "TF", "UM"} - {"AC", "TA", "XK"}
    return code if code in map(str.lower, known) else None


def _gender(value: str) -> str | None:
    words = {"m": "m", "male": "m", "man": "m", "f": "f", "female": "f", "woman": "f"}
    return words.get(value.strip(WHITE_SPACE).lower())


def _day(value: str) -> date | None:
    written = value.strip(WHITE_SPACE).lower()
    found = re.fullmatch(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})([ t][0-9:.+z -]*)?", written)
    found = found or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", written)
    if found is None or int(found[1]) < 1000:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _date(value: str) -> str | None:
    day = _day(value)
    return day.isoformat() if day else None


def _birth_year(value: str) -> str | None:
    day, written = _day(value), value.strip(WHITE_SPACE)
    if day:
        return f"{day:%Y}"
    return written if re.fullmatch("[1-9][0-9]{3}", written) else None


def _birth_month(value: str) -> str | None:
    day, written = _day(value), value.strip(WHITE_SPACE).lower()
    if day:
        return f"{day:%m}"
    for number, name in enumerate(_MONTHS, 1):
        if written in (name, name[:3], str(number), f"{number:02}"):
            return f"{number:02}"
    return None


def _birth_day(value: str) -> str | None:
    day, written = _day(value), value.strip(WHITE_SPACE)
    if day:
        return f"{day:%d}"
    return next((f"{one:02}" for one in range(1, 32) if written in (str(one), f"{one:02}")), None)


def _maid(value: str) -> str | None:
    written = value.strip(WHITE_SPACE).lower()
    shape = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    return written if re.fullmatch(shape, written) and set(written) != {"0", "-"} else None


def _phone(value: str) -> str | None:
    """As dialled in Britain."""
    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


RULES: dict[str, Callable[[str], str | None]] = {
    "email": _email,
    "email_google": _email_google,
    "email_dotless": _email_dotless,
    "email_nospace": _email_nospace,
    "phone": _phone,
    "phone_digits": lambda value: (_phone(value) or "+")[1:] or None,
    "name": _name,
    "name_trimmed": lambda value: value.strip(WHITE_SPACE).lower() or None,
    "initial": _initial,
    "city": _city,
    "state": _state,
    "postcode": _postcode,
    "postcode_trimmed": lambda value: value.strip(WHITE_SPACE) or None,
    "country": _country,
    "country_upper": lambda value: (_country(value) or "").upper() or None,
    "gender": _gender,
    "date": _date,
    "birth_year": _birth_year,
    "birth_month": _birth_month,
    "birth_day": _birth_day,
    "maid": _maid,
    "text": lambda value: value or None,
    "id_trimless": lambda value: value if value and value == value.strip(WHITE_SPACE) else None,
    "sha256": lambda value: value.lower() if re.fullmatch("[0-9a-fA-F]{64}", value) else None,
}
"""Every rule by its name."""

_REASONS = {
    **dict.fromkeys(("email", "email_google", "email_dotless", "email_nospace"), "not_an_email"),
    **dict.fromkeys(("phone", "phone_digits"), "not_a_phone_number"),
    **dict.fromkeys(("name", "name_trimmed", "initial", "city", "state"), "no_letters"),
    **dict.fromkeys(("postcode", "postcode_trimmed"), "not_a_postcode"),
    **dict.fromkeys(("country", "country_upper"), "not_a_country"),
    **dict.fromkeys(("date", "birth_year", "birth_month", "birth_day"), "not_a_date"),
    "gender": "not_m_or_f",
    "maid": "not_an_advertising_id",
    "id_trimless": "white_space",
    "sha256": "not_a_sha256",
}
