"""Kinds of files the diagnostic takes, by name."""

from typing import Any

from services.chassis.importer import Kind

KINDS: dict[str, Kind[Any]] = {}
