"""A small PDF can unfold into a mountain: it is looked at so far and so long, and then refused."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from tests.builders.uploads import a_pdf
from uploads.filetypes import pdf
from uploads.filetypes.verdict import Unfit


def many_empty_things(path, many):
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root[Name.Odd] = Array([Dictionary() for _ in range(many)])
        document.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    path.write_bytes(made.getvalue())
    return path


def test_so_many_steps_and_no_more(tmp_path, monkeypatch):
    file = many_empty_things(tmp_path / "many.pdf", 5_000)
    assert file.stat().st_size < 5_000, "small enough for anybody to send"
    pdf.examine(file)
    monkeypatch.setattr(pdf, "MOST_STEPS", 4_000)
    with pytest.raises(Unfit, match="too complicated"):
        pdf.examine(file)


def test_so_much_of_a_processor_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_SECONDS", -1.0)
    with pytest.raises(Unfit, match="too complicated"):
        pdf.examine(many_empty_things(tmp_path / "many.pdf", 5_000))


def test_an_ordinary_one_takes_few_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_STEPS", 500)
    file = tmp_path / "plain.pdf"
    file.write_bytes(a_pdf())
    pdf.examine(file)
    assert (pdf.MOST_SECONDS, pdf.MOST_STEPS) == (3.0, 500)
