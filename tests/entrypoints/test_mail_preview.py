"""The outbox as a page while trying the service out."""

from foundation.database import value
from foundation.mail import post


async def test_letters_are_listed_and_shown_with_their_links(client):
    await post("a@example.org", "Invitation <b>", "Open https://example.org/ka/invitation/abc\n<script>", "en")
    assert "Invitation &lt;b&gt;" in (await client.get("/mail-preview")).text
    text = (await client.get(f"/mail-preview/{await value('SELECT id FROM mail')}")).text
    assert '<a href="https://example.org/ka/invitation/abc">' in text
    assert "<script>" not in text.split('class="as-typed"')[1]


async def test_an_unknown_letter_is_a_404(client):
    assert (await client.get("/mail-preview/018f0000-0000-7000-8000-000000000000")).status_code == 404
