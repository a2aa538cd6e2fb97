"""Templates are compiled for a language: what is settled then must read as if it were asked for each time."""

from decimal import Decimal

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from foundation.language import number, speaking
from web.templating import environment


def shown(source: str, code: str = "en", **context) -> str:
    with speaking(code):
        return environment().from_string(source).render(**context)


def test_a_settled_sentence_is_in_the_language_of_the_page():
    assert shown("{{ _('Calls') }}|{{ href('/calls') }}", "en") == "Calls|/en/calls"
    assert shown("{{ _('Calls') }}|{{ href('/calls') }}", "ka") == "კონკურსები|/ka/calls"


def test_a_sentence_with_a_placeholder_is_filled_each_time():
    source = "{{ _('Page {page} of {pages}', page=page, pages=2) }}"
    assert [shown(source, page=n) for n in (1, 2)] == ["Page 1 of 2", "Page 2 of 2"]


def test_a_sentence_chosen_while_rendering_is_not_settled():
    assert shown("{% for word in words %}{{ _(word) }} {% endfor %}", "ka", words=["Calls", "Grants"]) == (
        "კონკურსები გრანტები "
    )


def test_settled_words_are_escaped_like_any_others():
    assert shown("{{ _('<b>') }}{{ '<i>' }}{{ typed }}", typed="<u>") == "&lt;b&gt;&lt;i&gt;&lt;u&gt;"


class Said:
    def __html__(self):
        return "<b>said</b>"

    def __str__(self):
        return "<i>never</i>"


class Words(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("what", "stands"),
    [
        ("plain", "plain"), ("<i>", "&lt;i&gt;"), ("a & b", "a &amp; b"), ('"', "&#34;"), ("'", "&#39;"), ("", ""),
        ("ქართული", "ქართული"), (Markup("<b>&amp;</b>"), "<b>&amp;</b>"), (Said(), "<b>said</b>"), (5, "5"),
        (Decimal("1.50"), "1.50"), (None, "None"), (Words("<u>"), "&lt;u&gt;"), (["<"], "[&#39;&lt;&#39;]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "source",
    ["{{ what }}", "{% set w = what %}{{ w }}", "{% block b %}{{ what }}{% endblock %}",
     "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(what) }}", "{% for w in [what] %}{{ w }}{% endfor %}",
     "{% set w %}{{ what }}{% endset %}{{ w }}", "{{ what ~ '' if false else what }}"],
)  # fmt: skip
def test_what_is_typed_cannot_become_markup(source, what, stands):
    assert shown(source, what=what) == stands


def test_a_macro_gets_its_arguments_in_loops_and_blocks():
    source = (
        "{% macro m(a, b='-') %}[{{ a }}{{ b }}{% if caller is defined %}{{ caller() }}{% endif %}]{% endmacro %}"
        "{% block main %}{% for n in [1, 2] %}{{ m(n) }}{% call m(n, b='+') %}{{ loop.index }}{% endcall %}{% endfor %}"
        "{% endblock %}"
    )
    assert shown(source) == "[1-][1+1][2-][2+2]"


def test_what_is_not_given_is_still_an_error():
    with pytest.raises(UndefinedError):
        shown("{{ nobody_said }}")


async def test_columns_of_a_record_and_its_methods(db):
    record = (await db.fetch("SELECT 'A-1' AS number, 2 AS n"))[0]
    source = "{{ row.number }} {{ row.get('n') }}{% if row.other is defined %}!{% endif %}"
    assert shown(source, row=record) == "A-1 2"


@pytest.mark.parametrize("zero", [Decimal("-0.00"), Decimal(0), 0, -0.0])
def test_nothing_has_no_sign(zero):
    with speaking("en"):
        assert number(zero) == "0"
