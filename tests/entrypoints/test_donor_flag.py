"""The flag of the European Union stands where the Union pays, and nowhere else."""

import pytest

from entrypoints.site import is_the_union
from web.shell import SITE


@pytest.mark.parametrize(
    ("donor", "it_is"),
    [("European Union", True), ("ევროკავშირი", True), ("Delegation of the EU to Georgia", True),
     ("A Foundation of Europe", False), ("Eurasia Fund", False), (None, False)],
)  # fmt: skip
def test_who_is_the_union(donor, it_is):
    assert is_the_union(donor) is it_is


async def test_another_donor_has_no_flag_of_the_union(cast, client, monkeypatch):
    assert "Flag of the European Union" in (await client.get("/en/calls")).text
    monkeypatch.setattr(SITE, "eu", False)
    page = (await client.get("/en/calls")).text
    assert "Flag of the European Union" not in page and "responsibility of the organisations" in page
