"""The donor's overview, printed: two sheets of A4 that say by themselves where they are from, of when, and what was chosen."""

import io

import pytest
from pypdf import PdfReader

A4 = (595, 842)


@pytest.mark.parametrize("language", ["en", "ka"])
async def test_two_sheets_that_stand_alone(signed_in, example_site, language):
    visitor = await signed_in("donor", language)
    await visitor.visit("/donor?municipality=vani")
    await visitor.page.evaluate("document.fonts.ready.then(() => 0)")
    sheets = PdfReader(io.BytesIO(await visitor.page.pdf(prefer_css_page_size=True, print_background=True))).pages
    await visitor.leave()
    assert len(sheets) == 2, [(each.extract_text()[:200], each.extract_text()[-200:]) for each in sheets]
    assert {(round(float(each.mediabox.width)), round(float(each.mediabox.height))) for each in sheets} == {A4}
    first, second = (" ".join(each.extract_text().split()) for each in sheets)
    assert "/donor?municipality=vani" in first and {"en": "Vani", "ka": "ვანი"}[language] in first
    assert {"en": "Data at", "ka": "მონაცემები"}[language] in first
    assert "1 / 2" in first and "2 / 2" in second
    assert "XLSX" not in first
    assert {"en": "Problems and delays", "ka": "პრობლემები და შეფერხებები"}[language] in second
