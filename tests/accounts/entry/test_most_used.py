"""The passwords that are tried first: tens of thousands of them, none of which opens anything here."""

from accounts.passwords import Weak, _most_used, refuse_weak


def test_none_of_the_most_used_is_taken_however_it_is_made_longer():
    known = _most_used()
    assert len(known) >= 30_000
    taken = []
    for word in known:
        for made in (word, word * 2, f"{word} {word} {word}", f"{word.title()}!2026", f"{word}1234567890123"):
            try:
                refuse_weak(made)
            except Weak:
                continue
            taken.append(made)
    assert taken == []
