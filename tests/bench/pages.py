"""The parts of the page that are tables of figures beside their limits."""

from typing import Any

SIZES = (
    *("singles_by_8", "singles_by_256", "batches_of_20", "batches_of_100"),
    *("batches_of_1000", "batches_of_5000"),
)


def votes_lines(found: dict[str, float]) -> list[str]:
    """Return the figures of votes, each beside its bare query, as a table."""
    pairs = (
        (
            "ballots by lists of 500, per second",
            "ballots_by_lists_per_s",
            "bare_insert_by_lists_per_s",
        ),
        (
            "ballots one by one over HTTP, per second",
            "ballots_one_by_one_per_s",
            "bare_insert_one_by_one_per_s",
        ),
        ("count of 10,000 members, ms", "tally_ms", "bare_select_ms"),
        ("close of the vote, ms", "close_ms", None),
        ("opening on a roll of 10,000 members, ms", "open_10000_members_ms", None),
    )
    rows = ["## Votes", "", "| figure | ours | bare query |", "|---|---:|---:|"]
    for title, ours, bare in pairs:
        limit = f"{found[bare]:,}" if bare else "–"
        rows.append(f"| {title} | {found[ours]:,} | {limit} |")
    return [*rows, ""]


def ledger_lines(found: dict[str, Any]) -> list[str]:
    """Return the figures of the ledger beside its peers and limits, as tables."""
    peers, within, http = found["peers"], found["in_process"], found["over_http"]
    rows = [
        "## The ledger: transfers per second on one hot account",
        "",
        "Idempotency, limits, hash chain and outbox are on.",
        "",
        "| callers | in process | over HTTP | an empty POST of the same framework |",
        "|---|---:|---:|---:|",
    ]
    rows += [_row(name, within, http) for name in SIZES]
    rows += [
        "",
        f"Peers on the same server: a ledger of one statement per transfer, "
        f"{peers['naive_by_8_per_s']:,}/s by 8 callers and {peers['naive_by_256_per_s']:,}/s by 256; "
        f"django-hordak by one caller: {peers['django_hordak_by_1']}. Limit: raw COPY of the same "
        f"rows, {peers['raw_copy_per_s']:,}/s.",
        "",
        "| history, transfers | statement as of a day, ms | pool as of a day, ms |",
        "|---|---:|---:|",
    ]
    told, history = found["statements"], found["history"]
    for mark in (history // 100, history // 10, history):
        rows.append(
            f"| {mark:,} | {told[f'statement_at_{mark}_ms']} | {told[f'pool_at_{mark}_ms']} |"
        )
    audit = found["audit"]
    return [
        *rows,
        "",
        f"Replay {told['replay_per_s']:,}/s; journal exported at {audit['exported_per_s']:,}/s and "
        f"verified at {audit['verified_per_s']:,}/s over {audit['transfers']:,} transfers.",
        "",
    ]


def _row(name: str, within: dict[str, Any], http: dict[str, Any]) -> str:
    title = name.replace("_", " ")
    return f"| {title} | {within[name]:,} | {http[name]:,} | {http[f'{name}_of_an_empty_post']:,} |"
