"""The components: each is described, shown on /patterns, and keeps what people typed."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from foundation.language import speaking
from web import error_words, patterns
from web.context import RequestContext, request_context
from web.forms import Form
from web.pages import render
from web.templating import environment

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
INNER = {"languages", "glyph", "ribbon_bar", "back_link", "crumb_trail", "fields", "rows", "drawings"}


@pytest.fixture(autouse=True)
def a_visit():
    token = request_context.set(RequestContext(path="/patterns", csrf_token="token-of-this-session"))
    yield
    request_context.reset(token)


def components(**context):
    given = {"form": {}, "errors": {}, "csrf_token": "token-of-this-session"} | context
    return environment().get_template("web/templates/components.html").make_module(given)


def names():
    return {name for name in vars(components()) if not name.startswith("_")} - INNER


def test_every_component_is_described():
    described = (TEMPLATES / "components.html").read_text("utf-8").split("-#}")[0]
    assert {name for name in names() if f"c.{name}(" not in described} == set()


def test_every_component_described_exists():
    described = (TEMPLATES / "components.html").read_text("utf-8").split("-#}")[0]
    assert set(re.findall(r"\bc\.(\w+)\(", described)) - {"x"} <= names()


def test_every_component_is_shown_on_the_patterns_page():
    page = (TEMPLATES / "patterns.html").read_text("utf-8")
    inside_others = {
        "csrf",
        "bullet",
        "meter",
        "hue",
        "hidden",
        "carried",
        "seen",
        "revision",
        "stands",
        "held",
        "crumbs",
    }
    assert {name for name in names() if f"c.{name}(" not in page} == inside_others


@pytest.mark.parametrize("code", ["ka", "en"])
def test_the_patterns_page_is_sound(code):
    with speaking(code):
        page = Outline(render("web/templates/patterns.html", **patterns.samples()))
    assert page.tags.count("h1") == 1
    assert [name for name in page.ids if page.ids.count(name) > 1] == []
    assert page.mentioned - set(page.ids) == set()
    assert "style" not in page.attributes


@pytest.mark.parametrize("status", sorted(error_words.WORDS))
def test_an_error_is_told_in_both_languages(status):
    with speaking("en"):
        own, other = error_words.in_both(status)
        page = render("web/templates/error.html", code=status, sentence=own.title + ".", words=[own, other])
    assert (own.language, other.language) == ("en", "ka")
    assert f"<h1>{own.title}</h1>" in page
    assert f'lang="ka"><h2>{other.title}</h2>' in page
    assert page.count(own.title) == 3  # title, description, heading: the sentence is not said twice


def test_an_unknown_status_speaks_as_the_first_of_its_hundred():
    with speaking("en"):
        assert error_words.in_both(418) == error_words.in_both(400)
        assert error_words.in_both(599) == error_words.in_both(500)


def test_what_was_typed_wins_over_what_is_stored():
    c = components(form=Form([("title", "typed <b>")]))
    assert 'value="typed &lt;b&gt;"' in c.text("title", "Title", value="stored")
    assert 'value="stored"' in c.text("other", "Other", value="stored")


def test_a_field_with_an_error_points_to_its_words():
    c = components(errors={"lines.0.price": "Write an amount."})
    field = c.amount("lines.0.price", "Price", hint="In lari")
    assert 'id="f-lines-0-price"' in field
    assert 'aria-describedby="f-lines-0-price-hint f-lines-0-price-err" aria-invalid="true"' in field
    assert "Write an amount." in field
    assert '<a href="#f-lines-0-price">Write an amount.</a>' in c.error_summary({"lines.0.price": "Write an amount."})


def test_an_error_of_the_whole_form_has_no_link():
    with speaking("en"):
        assert "<li>The deadline has passed.</li>" in components().error_summary({"": "The deadline has passed."})


def test_no_errors_no_summary():
    assert components().error_summary({}).strip() == ""


def test_boxes_unticked_stay_unticked():
    typed = Form([("csrf_token", "x"), ("documents", "a"), ("documents", "c")])
    choices = [("a", "A"), ("b", "B"), ("c", "C")]
    c = components(form=typed)
    assert re.findall(r'value="(\w)"[^>]* checked', c.checkboxes("documents", "D", choices, value=["b"])) == ["a", "c"]
    assert "checked" not in c.checkbox("consent", "I agree", value=True)
    assert "checked" in components().checkbox("consent", "I agree", value=True)


def test_one_radio_and_one_option_are_chosen():
    c = components(form=Form([("place", "2")]))
    assert re.findall(r'value="(\d)"[^>]* checked', c.radios("place", "P", [(1, "one"), (2, "two")], value=1)) == ["2"]
    assert re.findall(r'value="(\d)" selected', c.select("place", "P", [(1, "one"), (2, "two")], value=1)) == ["2"]


def test_a_password_is_never_sent_back():
    assert 'value=""' in components(form=Form([("secret", "hunter2")])).password("secret", "Password")


def test_paired_columns_are_two_fields_in_their_languages():
    with speaking("en"):
        fields = components().pair("title", "Title", value={"title_ka": "სათაური", "title_en": None})
    assert re.findall(r'name="(\w+)" type="text" value="([^"]*)" lang="(\w+)"', fields) == [
        ("title_ka", "სათაური", "ka"),
        ("title_en", "", "en"),
    ]


def test_a_form_carries_the_token_of_the_session():
    assert 'name="csrf_token" value="token-of-this-session"' in components().action("/go", "Go")


def test_sorting_keeps_the_search_and_turns_round():
    c = environment().from_string(
        "{% import 'web/templates/components.html' as c with context %}"
        "{% call c.table('T', [{'text': 'A', 'sort': 'a'}, {'text': 'B', 'sort': 'b'}],"
        " query={'q': 'x y', 'sort': 'a'}) %}"
        "<tr><td>1</td></tr>{% endcall %}"
    )
    table = c.render(form={}, errors={}, csrf_token="")
    assert re.findall(r'aria-sort="(\w+)"', table) == ["ascending"]
    assert re.findall(r'href="([^"#]+)"', table) == ["?q=x+y&amp;sort=-a", "?q=x+y&amp;sort=b"]
    assert "<tbody><tr><td>1</td></tr></tbody>" in table


def test_one_page_needs_no_pager():
    with speaking("en"):
        c = components()
        assert c.pager(1, 1).strip() == ""
        assert re.findall(r'href="(\?[^"]+)"', c.pager(2, 3, {"q": "x"})) == ["?q=x&amp;page=1", "?q=x&amp;page=3"]


class Outline(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.mentioned: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name in ("aria-describedby", "for"):
                self.mentioned |= set(value.split())
