"""What the members service can be asked to change. Each command is one transaction."""

from services.members.commands.acts import record_decision, record_opinion
from services.members.commands.agreements import (
    draft_agreement,
    end_agreement,
    record_licence,
    sign_agreement,
)
from services.members.commands.founding import found_coordination, place_coordination
from services.members.commands.seats import confirm_member
from services.members.commands.tokens import Issuer, admit_system, give_token, register_client

__all__ = [
    "Issuer",
    "admit_system",
    "confirm_member",
    "draft_agreement",
    "end_agreement",
    "found_coordination",
    "give_token",
    "place_coordination",
    "record_decision",
    "record_licence",
    "record_opinion",
    "register_client",
    "sign_agreement",
]
