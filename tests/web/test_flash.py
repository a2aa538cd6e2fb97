"""The sentence shown once fits into a cookie, however long it is."""

import base64
import json

import pytest

from web import flash
from web.pages import redirect

LONG = "განაცხადს აკლია ორი სავალდებულო დანართი და ბიუჯეტის განმარტება. " * 60


@pytest.mark.parametrize("sentence", ["Call published.", "კონკურსი გამოქვეყნდა.", "“quoted” & <b>\n; a=b, c\u2028", ""])
def test_what_is_written_is_read(sentence):
    assert flash.read(flash.written("success", sentence)) == [{"kind": "success", "text": sentence}]


@pytest.mark.parametrize("sentence", [LONG, "ა" * 20_000, "a" * 20_000])
def test_a_long_sentence_fits_and_says_that_it_goes_on(sentence):
    cookie = redirect("/calls", sentence).cookies[0].to_encoded_header()
    assert len(cookie) < 4096
    shown = flash.read(flash.written("success", sentence))[0]["text"]
    assert len(shown) > 400 and shown.endswith(" …") and sentence.startswith(shown.removesuffix(" …"))


@pytest.mark.parametrize(
    "cookie",
    [None, "", "not base64 %%", base64.b64encode(b"\xff\xfe").decode(), "W10=", "e30=", "bnVsbA==", "A" * 5000,
     base64.b64encode(b"[" * 2000).decode(), "ქართული", base64.b64encode(json.dumps({"kind": 1}).encode()).decode()],
)  # fmt: skip
def test_whatever_else_the_browser_sends_is_nothing(cookie):
    assert flash.read(cookie) == []
