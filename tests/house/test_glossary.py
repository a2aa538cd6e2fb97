"""The glossary knows every state there is, in both languages."""

from tools.glossary import GLOSSARY, states


def test_every_state_is_in_the_glossary():
    written = GLOSSARY.read_text(encoding="utf-8")
    assert states() in written, "run `python -m tools.glossary`"
