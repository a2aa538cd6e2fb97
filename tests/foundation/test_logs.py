"""A log line tells what happened and where, never what somebody typed."""

import json
import logging

from foundation import logs
from foundation.settings import Environment, Settings


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def in_production(monkeypatch):
    production = Settings(environment=Environment.PRODUCTION, secret="x" * 40, base_url="https://example.org")
    monkeypatch.setattr(logs, "settings", lambda: production)
    before = logging.getLogger().handlers[:], logging.getLogger().level
    logs.set_up()
    return before


def put_back(before):
    logging.getLogger().handlers[:], level = before[0], before[1]
    logging.getLogger().setLevel(level)


def test_a_line_is_json_and_carries_only_what_is_allowed(monkeypatch, capsys):
    before = in_production(monkeypatch)
    try:
        logging.getLogger("access").info(
            "request", extra={"route": "/calls", "status": 200, "email": "canary@example.org"}
        )
    finally:
        put_back(before)
    (line,) = lines(capsys)
    assert (line["event"], line["route"], line["status"], line["level"]) == ("request", "/calls", 200, "info")
    assert "canary" not in json.dumps(line)


def test_an_exception_is_told_without_its_text(monkeypatch, capsys):
    before = in_production(monkeypatch)
    try:
        try:
            raise ValueError("canary@example.org is not a number")
        except ValueError:
            logging.getLogger("errors").exception("unexpected error")
    finally:
        put_back(before)
    (line,) = lines(capsys)
    first, *_, last = line["exception"].splitlines()
    assert first == "ValueError" and "test_logs.py" in last
    assert "canary" not in json.dumps(line)


def test_while_developing_an_exception_is_readable(capsys):
    before = logging.getLogger().handlers[:], logging.getLogger().level
    logs.set_up()
    try:
        try:
            raise ValueError
        except ValueError:
            logging.getLogger("errors").exception("unexpected error")
    finally:
        put_back(before)
    told = capsys.readouterr().err
    assert "unexpected error" in told and "test_logs.py" in told and "Logging error" not in told
