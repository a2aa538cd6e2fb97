"""A name stands in emails to people who never asked for any: no form takes one that leads anywhere."""

import importlib
import pkgutil
from typing import get_type_hints

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import accounts
from accounts.letters import LONGEST_NAME, plain_name

# of people and organisations; the programme's own is chosen by whoever runs it, and stands in no email
OF_THE_PROGRAMME = {"accounts.programme.forms"}


def fields() -> dict[str, object]:
    """Every field of the accounts' forms in which somebody writes a name."""
    found = {}
    for module in pkgutil.walk_packages(accounts.__path__, "accounts."):
        if not module.name.endswith("forms") or module.name in OF_THE_PROGRAMME:
            continue
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == module.name:
                hints = get_type_hints(kind, include_extras=True)
                found |= {
                    f"{module.name}.{kind.__name__}.{name}": hints[name]
                    for name in kind.model_fields
                    if name in {"name", "name_ka", "name_en", "organisation_ka", "organisation_en"}
                }
    return found


FIELDS = fields()
LEADING = (
    "Claim at https://evil.example/claim", "HTTP://evil", "www.evil", "Vani evil.example", "evil.example/claim",
    "(evil.com)", "evil.com, Vani", "evil.com:8080", "Vani evil.com.", "t.me/evil", "Vani t.me", "pay@evil.example",
    "ჩვენ evil.გე", "evil．com", "evil。com", "ｅｖｉｌ．ｃｏｍ",
    "Nino\nPay now", "Nino\r\nPay", "Nino\u2028Pay", "Nino\x0bPay", "Nino\x85Pay",
)  # fmt: skip
PLAIN = (
    "Nino", "A.B. Smith", "J.Smith", "Ltd. Vani", "ა(ა)იპ „ვანის ახალგაზრდები“", "ა.ა.ი.პ. ვანი", "ქ.ვანის ფონდი",
    "Jean-Luc O'Neill", "Youth & Co.", "Forum 2.0", "3.5 %", "Vani/Khoni",
)  # fmt: skip


def test_these_are_the_forms_in_which_somebody_writes_a_name():
    assert {name.removeprefix("accounts.").partition(".forms.")[0] for name in FIELDS} == {
        "registration", "entry", "people", "organisations",
    }  # fmt: skip
    assert len(FIELDS) >= 8


@pytest.mark.filterwarnings("ignore:The .validate_default.")
@pytest.mark.parametrize("field", FIELDS)
def test_no_form_takes_a_name_that_leads_anywhere(field):
    asks = TypeAdapter(FIELDS[field])
    for name in LEADING:
        with pytest.raises(ValidationError, match="Write a name"):
            asks.validate_python(name)
    for name in PLAIN:
        assert asks.validate_python(name) == name


@pytest.mark.parametrize("name", LEADING)
def test_what_came_in_before_is_written_without_it(name):
    written = plain_name(name)
    assert "evil" not in written and "t.me" not in written and len(written.splitlines()) == 1


def test_plain_names_are_written_as_they_are_and_long_ones_shortened():
    assert [plain_name(name) for name in PLAIN] == list(PLAIN)
    assert plain_name("https://evil.example") == "–"
    long = plain_name("Vani " * 40)
    assert len(long) <= LONGEST_NAME and long.endswith("Vani…")
