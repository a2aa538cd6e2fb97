"""Days and words of the sources' tables as readers see them."""

import pytest
from markupsafe import Markup

from foundation.language import speaking
from monitoring.meetings import telling


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("2021", "2021"), ("2021-08", "August 2021"), ("2021-08-09", "9 August 2021"),
        ("2021-08-09 (about)", "about 9 August 2021"), ("2021 (about)", "about 2021"),
        ("2021-08 or 09", "August 2021 or September 2021"), ("2021-12 or 01", "December 2021 or January 2021"),
        ("in the spring", "in the spring"), ("from 2021 on", "from 2021 on"),
    ],
)  # fmt: skip
def test_days_are_written_as_exactly_as_the_source_tells_them(told, said):
    with speaking("en"):
        assert telling.when(told) == said


@pytest.mark.parametrize("code", ["ka", "en"])
def test_what_is_left_in_the_language_of_the_source_is_marked_and_what_it_leaves_out_is_not_known(code):
    with speaking(code):
        said, unknown = telling.when("in the spring"), [telling.when(None), telling.as_told(""), telling.as_told(None)]
    assert said == ('<span lang="en">in the spring</span>' if code == "ka" else "in the spring")
    word = "უცნობია" if code == "ka" else "not known"
    assert unknown == [f'<span class="unknown">{word}</span>'] * 3
    assert telling.words(unknown[0]) == word and telling.words("a < b > c") == "a < b > c"
    assert telling.words(Markup("<b>a</b> &lt; b")) == "a < b"
