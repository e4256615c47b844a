"""The platform's description holds: what schemathesis makes of it, good and bad, is answered as it tells.

No answer may be a server's error. Bodies in MessagePack are bytes to it: what stands in them is tried elsewhere.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.client.http import HttpPlatform
from sync.platform.openapi import TOLD
from sync.protocol import codec
from tests.support.platform_server import PATIENCE_S, RunningPlatform, running_platform
from tests.support.sync_journal import enrolment

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
SCOPES = ("members:read", "members:write", "members:merge", "tills:read", "tills:write", "metrics")
A_FEW, MANY = 8, 300
ROUTES = sorted(TOLD)


@schemathesis.serializer(codec.CONTENT_TYPE)
def as_it_is(_context: Any, value: Any) -> bytes:
    """Send bytes as they were made."""
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode(errors="replace")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture(scope="module")
def tokens(platform: RunningPlatform) -> dict[str, str]:
    """A till's token, and one of staff for everything."""
    gate = HttpPlatform(platform.address)
    till = gate.enrol(enrolment(platform.service.new_code(platform.merchant))).token
    gate.close()
    return {"till": till, "staff": platform.token(*SCOPES)}


@pytest.fixture(scope="module")
def described(platform: RunningPlatform) -> Any:
    """What the platform says of itself, read as a stranger reads it."""
    told = requests.get(f"{platform.address}/schema/openapi.json", timeout=PATIENCE_S).json()
    return read(told, platform.address)


def read(told: Any, address: str) -> Any:
    """Read a description of what is at an address."""
    schema = schemathesis.openapi.from_dict(told)
    schema.config.base_url = address
    return schema


def tried(described: Any, route: tuple[str, str], tokens: dict[str, str], examples: int) -> None:
    """Try a route with so many examples that fit and so many that do not."""
    method, path = route
    operation = described[path][method.upper()]
    scope = TOLD[route].scope
    headers = {"authorization": f"Bearer {tokens['staff' if scope else 'till']}"}
    session = requests.Session()
    known = {name: value for name, value in headers.items() if not TOLD[route].is_open}

    # What takes only bytes, or nothing, cannot be asked wrongly.
    is_strict = isinstance(TOLD[route].asks, type) or (bool(scope) and "{" in path)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[: 1 + is_strict]:
        strategy = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def holds(case: Any) -> None:
            case.call_and_validate(headers=known, session=session, timeout=PATIENCE_S, checks=list(CHECKS))

        holds()
    session.close()


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_whatever_is_asked_is_answered_as_told(
    described: Any, tokens: dict[str, str], route: tuple[str, str]
) -> None:
    tried(described, route, tokens, A_FEW)


@pytest.mark.prove
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_whatever_is_asked_very_often_is_answered_as_told(
    described: Any, tokens: dict[str, str], route: tuple[str, str]
) -> None:
    tried(described, route, tokens, MANY)


def test_a_description_that_tells_too_little_is_found_out(
    platform: RunningPlatform, tokens: dict[str, str]
) -> None:
    told = requests.get(f"{platform.address}/schema/openapi.json", timeout=PATIENCE_S).json()
    route = ("get", "/v1/members/{member}")
    del told["paths"][route[1]][route[0]]["responses"]["404"]
    with pytest.raises(FailureGroup) as found:
        tried(read(told, platform.address), route, tokens, A_FEW)
    assert any("status code" in str(each.title).lower() for each in found.value.exceptions)


def test_every_status_that_is_told_is_one(described: Any) -> None:
    statuses = {
        s for each in described.raw_schema["paths"].values() for o in each.values() for s in o["responses"]
    }
    assert statuses <= {str(each) for each in range(200, 600)} and "503" in statuses
