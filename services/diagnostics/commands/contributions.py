"""Share strategies, diagnostic elements, news and difficulties; version and withdraw them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.diagnostics.field import ContributionShared, ContributionWithdrawn
from contracts.http.diagnostics.contributions import ShareContribution
from contracts.vocabulary import VOCABULARY
from services.chassis import outbox
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors.field import NoSuchRecord
from services.diagnostics.model import contributions as rules
from services.diagnostics.model import wording
from services.diagnostics.store import contributions as rows

SOURCE = "urn:ctin:service:diagnostics"
VERSIONS_MAX = 200
NewId = Callable[[], UUID]


def _row(
    coordination: str, contribution_id: UUID, asked: ShareContribution, *, now: datetime
) -> rules.ContributionRow:
    return rules.ContributionRow(
        coordination=coordination,
        contribution_id=contribution_id,
        version=asked.version,
        kind=asked.kind.value,
        organization=asked.organization,
        title=asked.title,
        summary=asked.summary,
        theme=asked.theme,
        communes=sorted(asked.communes),
        begins_on=asked.begins_on,
        ends_on=asked.ends_on,
        url=asked.url,
        sha256=asked.sha256,
        size_bytes=asked.size_bytes,
        shared_on=wording.day_of(now),
    )


def _must_fit(asked: ShareContribution) -> None:
    wording.must_be_plain(asked, "title", "summary", "url")
    wording.must_be_word("theme", asked.theme, VOCABULARY.themes)
    wording.must_be_once("communes", asked.communes)
    if asked.begins_on is not None and asked.ends_on is not None:
        wording.must_follow("ends_on", asked.begins_on, asked.ends_on)
    rules.must_be_read_somewhere(asked)


async def share(
    connection: Connection,
    coordination: str,
    asked: ShareContribution,
    *,
    contribution_id: UUID,
    now: datetime,
    new_id: NewId,
) -> None:
    """Share a document or its next version, and tell it; the same again changes nothing.

    Raises:
        WordIsUnknown, CommuneIsElsewhere, ValueIsRepeated, DaysAreReversed: a value does not fit.
        TextHoldsPerson, TextHoldsControls: a text may not be kept.
        EvidenceIsNowhere: nobody could read the document.
        ContributionIsWithdrawn, ContributionIsAnothers, VersionIsNotNext: it does not follow.
    """
    _must_fit(asked)
    row = _row(coordination, contribution_id, asked, now=now)
    async with connection.transaction():
        here = await store.covered_codes(connection, coordination)
        wording.must_be_here("communes", row.communes, here)
        if await _is_there(connection, row):
            return
        await rows.add_version(connection, row)
        fact = ContributionShared(
            coordination=coordination,
            contribution=contribution_id,
            version=row.version,
            kind=asked.kind,
            organization=row.organization,
            title=row.title,
            theme=row.theme,
            communes=row.communes,
            shared_on=row.shared_on,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)


async def _is_there(connection: Connection, row: rules.ContributionRow) -> bool:
    """Tell whether this version was shared already, and hold its document."""
    await rows.add_contribution(connection, row)
    head = await rows.lock_contribution(connection, row.coordination, row.contribution_id)
    assert head is not None, "it is there, whoever put it"
    known = await rows.versions(connection, row.coordination, row.contribution_id, VERSIONS_MAX)
    if row in (msgspec.structs.replace(one, shared_on=row.shared_on) for one in known):
        return True
    rules.must_follow_version(head, row)
    return False


async def withdraw(
    connection: Connection,
    coordination: str,
    contribution_id: UUID,
    *,
    may: Callable[[str], None],
    now: datetime,
    new_id: NewId,
) -> None:
    """Forget what a document said, and tell it; again changes nothing.

    `may` refuses who does not speak for the organisation that shared it.

    Raises:
        NoSuchRecord: it is not of here.
    """
    today = wording.day_of(now)
    async with connection.transaction():
        head = await rows.lock_contribution(connection, coordination, contribution_id)
        if head is None:
            raise NoSuchRecord("Le document", contribution_id)
        may(head.organization)
        if head.withdrawn_on is not None:
            return
        await rows.withdraw(connection, coordination, contribution_id, today)
        fact = ContributionWithdrawn(
            coordination=coordination,
            contribution=contribution_id,
            organization=head.organization,
            withdrawn_on=today,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
