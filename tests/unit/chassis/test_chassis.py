"""Parts of the chassis that need no server: settings, identifiers, named queries, log lines."""

import json
import logging
import time
from pathlib import Path

import pytest
import structlog

from services.chassis import ids, log, settings
from services.chassis.service import unsafe_stream_server
from services.chassis.settings import ServiceSettings

WHOLE = {
    "ROADMAP_PORT": "8404",
    "ROADMAP_DATABASE_URL": "postgresql://roadmap@/roadmap",
    "ROADMAP_NATS_URL": "nats://127.0.0.1:8422",
    "ROADMAP_NATS_MONITOR_URL": "http://127.0.0.1:8423",
    "ROADMAP_NATS_SEED_FILE": "/secrets/roadmap.nkey",
    "ROADMAP_JWKS_URL": "http://127.0.0.1:8401/v1/jwks",
}


def test_settings_are_read_from_variables_named_after_the_service():
    found = settings.read(ServiceSettings, prefix="roadmap", environment=WHOLE)
    assert (found.port, found.pool_size_max, found.production) == (8404, 10, False)


@pytest.mark.parametrize("variable", sorted(WHOLE))
def test_a_missing_setting_refuses_to_start_and_names_its_variable(variable):
    rest = {name: value for name, value in WHOLE.items() if name != variable}
    with pytest.raises(SystemExit, match=f"^{variable} is not set; the service cannot start"):
        settings.read(ServiceSettings, prefix="roadmap", environment=rest)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ROADMAP_PORT", "ten"),
        ("ROADMAP_PORT", "70000"),
        ("ROADMAP_POOL_SIZE_MAX", "0"),
        ("ROADMAP_PRODUCTION", "perhaps"),
    ],
)
def test_a_wrong_setting_refuses_to_start_and_says_what_it_holds(variable, value):
    with pytest.raises(SystemExit, match=f'^{variable} is "{value}": Expected'):
        settings.read(ServiceSettings, prefix="roadmap", environment={**WHOLE, variable: value})


def test_a_secret_is_the_content_of_its_file_without_the_last_line_feed(tmp_path: Path):
    path = tmp_path / "password"
    path.write_text(" mot \n")
    assert settings.secret(str(path)) == " mot "
    assert settings.secret(None) is None


def test_identifiers_are_of_version_7_and_increase_with_the_clock(monkeypatch):
    instants = iter(range(1_800_000_000_000_000_000, 1_800_000_005_000_000_000, 1_000))
    monkeypatch.setattr(time, "time_ns", lambda: next(instants))
    made = [ids.new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    assert made[0].int >> 80 == 1_800_000_000_000


def test_identifiers_of_one_instant_differ(monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_000_000_000)
    assert len({ids.new_id() for _ in range(1_000)}) == 1_000


def test_an_idempotency_key_names_one_thing_per_caller_for_ever():
    assert str(ids.from_key("anne", "1")) == str(ids.from_key("anne", "1"))
    assert (
        len({ids.from_key("anne", "1"), ids.from_key("anne", "2"), ids.from_key("bob", "1")}) == 3
    )


@pytest.fixture
def logger():
    """The process's logger, giving back each line instead of printing it."""
    root = logging.getLogger()
    former = root.handlers[:], root.level
    log.configure("roadmap", "info")
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield log.logger()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:], root.level = former


@pytest.mark.parametrize(
    "value",
    ["jeanne.dupont@exemple.fr", "appeler le 06 12 34 56 78", ["x", {"mail": "a@exemple.fr"}]],
)
def test_personal_data_is_removed_from_a_log_line_wherever_it_stands(logger, value):
    line = json.loads(logger.info("asked", what=value, seq=12, place="Auch"))
    assert line["what"] == log.REMOVED
    assert (line["seq"], line["place"], line["service"]) == (12, "Auch", "roadmap")


def test_personal_data_is_removed_from_the_stack_of_a_fault(logger):
    line = json.loads(
        logger.error("request_failed", exc_info=ValueError("jeanne.dupont@exemple.fr"))
    )
    assert line["exception"] == log.REMOVED


def test_a_log_line_of_any_length_is_written(logger):
    line = json.loads(logger.info("asked", what="1" * 1_000_000))
    assert len(line["what"]) == log.FIELD_CHARS_MAX


@pytest.mark.parametrize(
    ("config", "replicas", "is_safe"),
    [
        ({"sync_always": True}, 1, True),
        ({"sync_interval": 120}, 1, False),
        ({"sync_interval": 120}, 2, False),
        ({"sync_interval": 120}, 3, True),
        ({}, 3, False),
    ],
)
def test_one_server_alone_must_sync_and_three_keep_each_others_messages(config, replicas, is_safe):
    found = unsafe_stream_server({"jetstream": {"config": config}}, replicas=replicas)
    assert (found is None) is is_safe
