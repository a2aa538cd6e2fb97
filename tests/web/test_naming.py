"""The summary of errors says which fields are meant."""

from pydantic import BaseModel

from web.forms import Form, Invalid, parse
from web.naming import mark, named


class Asked(BaseModel):
    amount: int
    kind: str


def test_each_sentence_gets_the_label_of_its_field():
    html = (
        f'<a href="#f-amount">{mark("f-amount")}Complete this field.</a>'
        f'<a href="#f-kind">{mark("f-kind")}Choose one.</a><a href="#f-sure">{mark("f-sure")}Tick it.</a>'
        f'<a href="#f-gone">{mark("f-gone")}Complete this field.</a>'
        '<label class="lab" for="f-amount">Largest <b>grant</b> <small>(optional)</small></label>'
        "<legend>Something else</legend><legend>Who can apply?</legend>"
        '<input type="radio" name="kind" value="a" id="f-kind"> '
        '<input type="checkbox" id="f-sure" name="sure"><span>I agree<small>really</small></span>'
    )
    said = named(html)
    for expected in (
        ">Largest grant: Complete",
        ">Who can apply: Choose",
        ">I agree: Tick",
        ">Complete this field.</a><label",
    ):
        assert expected in said
    assert "<!--" not in said


def test_what_nobody_typed_cannot_carry_a_mark_into_the_page():
    assert named("&lt;!--label of f-a--&gt;") == "&lt;!--label of f-a--&gt;"


def test_sentences_of_the_parser_are_marked_as_nameless():
    try:
        parse(Asked, Form([("amount", "x")]))
    except Invalid as bad:
        assert {name: type(sentence).__name__ for name, sentence in bad.errors.items()} == {
            "amount": "Nameless",
            "kind": "Nameless",
        }
