"""Settings: every one is documented, and production refuses to start unprepared."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from foundation.settings import Settings

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "settings.md"
READY = {
    "SUBGRANTS_ENVIRONMENT": "production",
    "SUBGRANTS_SECRET": "a-secret-of-more-than-thirty-two-letters",
    "SUBGRANTS_BASE_URL": "https://grants.example.org/",
}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)


def names() -> set[str]:
    return {"PORT" if name == "port" else f"SUBGRANTS_{name.upper()}" for name in Settings.model_fields}


def test_every_setting_has_its_row_in_the_document_and_no_row_is_left_over() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", DOCUMENT.read_text(), re.MULTILINE)) == names()


def test_nothing_has_to_be_set_to_try_it() -> None:
    made = Settings()
    assert (made.port, made.production, made.loads_example) == (8000, False, True)
    assert made.address == "http://127.0.0.1:8000"
    assert made.data_dir == Path.cwd() / "var"


def test_production_starts_when_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in READY.items():
        monkeypatch.setenv(name, content)
    made = Settings()
    assert (made.address, made.production, made.loads_example) == ("https://grants.example.org", True, False)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("SUBGRANTS_SECRET", None, "SUBGRANTS_SECRET is missing or too short"),
        ("SUBGRANTS_SECRET", "short", "SUBGRANTS_SECRET is missing or too short"),
        ("SUBGRANTS_SECRET", "development-only-secret-never-use-in-production", "SUBGRANTS_SECRET is missing"),
        ("SUBGRANTS_BASE_URL", None, "SUBGRANTS_BASE_URL is missing"),
        ("SUBGRANTS_BASE_URL", "grants.example.org", "starts with http:// or https://"),
        ("SUBGRANTS_ENVIRONMENT", "productoin", "Input should be 'development', 'test' or 'production'"),
    ],
)
def test_production_refuses_what_is_unsafe(
    monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, sentence: str
) -> None:
    for each, good in (READY | {name: content}).items():
        if good is not None:
            monkeypatch.setenv(each, good)
    with pytest.raises(ValidationError, match=re.escape(sentence)):
        Settings()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBGRANTS_SECRET", "canary-one")
    monkeypatch.setenv("SUBGRANTS_DATABASE_URL", "postgresql://a:canary-two@b/c")
    monkeypatch.setenv("SUBGRANTS_SMTP_URL", "smtp://a:canary-three@b")
    assert "canary" not in repr(Settings())
