"""The walk through the example, made once for all tests of the house."""

import pytest

from tests.house.walking import walk, write_letters


@pytest.fixture(scope="session")
async def walked(example_site, signed_in):
    await write_letters(example_site)
    return await walk(example_site, signed_in)
