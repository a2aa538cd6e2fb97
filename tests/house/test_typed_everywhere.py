"""Whatever form or body a number or a day is typed into, it is read in the same way."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from entrypoints.web import litestar_app
from foundation.typed import Typing, _kinds, reader
from tests.house.routes import every_route

every_route()  # loads the rooms

BOTH_WAYS = ("1,250", "1.250")
NEVER = ("12e3", "٣", "1_250", "0x10", "½")
NO_DAYS = ("0026-12-31", "31.12.26", "1926-05-05", "2127-01-01", "1735689600", "2026-12-31T00:00:00")


def models(base=BaseModel):
    for each in base.__subclasses__():
        if each.__module__.split(".")[0] in ("accounts", "grants", "monitoring", "uploads", "web", "lifecycle"):
            yield each
        yield from models(each)


def read_from_people():
    """(model, field, type) of every field with one type that is a number or a day."""
    for model in dict.fromkeys(models(Typing)):
        for name, field in model.model_fields.items():
            kinds, most = _kinds(field.annotation, field.metadata)
            if len(kinds) == 1 and (kind := next(iter(kinds))) in (int, Decimal, date):
                yield pytest.param(model, name, kind, most, id=f"{model.__module__}.{model.__qualname__}.{name}")


def takes(model, name, typed):
    """Whether the model has nothing to say against this field; that others are missing does not count."""
    try:
        model.model_validate({name: typed})
    except ValidationError as error:
        return not any(each["loc"][:1] == (name,) for each in error.errors())
    return True


FIELDS = list(read_from_people())


def test_there_are_such_fields():
    kinds = [each.values[2] for each in FIELDS]
    assert all(kinds.count(each) > 10 for each in (int, Decimal, date))


@pytest.mark.parametrize(("model", "name", "kind", "most"), FIELDS)
def test_every_number_and_day_is_read_in_the_one_way(model, name, kind, most):
    assert reader(model, name) is not None
    asks = kind is Decimal and (most is None or most >= 1250)
    refused = NO_DAYS if kind is date else (*NEVER, *BOTH_WAYS) if asks else NEVER
    assert [typed for typed in refused if takes(model, name, typed)] == []


def test_no_body_of_ours_reads_numbers_by_itself():
    """What is shown is never typed; what is typed begins with the one base."""
    bodies = {}
    for route in litestar_app(manage_pool=False).routes:
        for method, found in getattr(route, "route_handler_map", {}).items():
            handler = found[0] if isinstance(found, tuple) else found
            wanted = handler.parsed_fn_signature.parameters.get("data")
            if wanted and isinstance(wanted.annotation, type) and issubclass(wanted.annotation, BaseModel):
                bodies[f"{method} {route.path}"] = wanted.annotation
    assert len(bodies) > 50
    assert {where: body.__qualname__ for where, body in bodies.items() if not issubclass(body, Typing)} == {}
