"""How votes are decided, as tables: the worked examples of docs/votes.md, through `ctin tally`."""

import io
import json
import sys
from fractions import Fraction

import pytest

from contracts.verify import tally as auditor
from infra.cli.main import main

WEIGHTS = {"private": "2/5", "mediation": "7/20", "institutional": "1/4"}
SIZES = {"private": 4, "mediation": 10, "institutional": 6}
RULE = {
    "mode": "proportional",
    "base": "expressed",
    "empty": "redistribute",
    "quorum": "0",
    "quorum_per_college": "1/2",
    "threshold": "1/2",
    "majority_of_colleges": 2,
}
# Votes are for-against-abstain, out of 4, 10 and 6 members.
# case | private | mediation | institutional | rule                 | score   | result
EXAMPLES = """
    W1   | 3-1-0 | 2-5-0  | 3-1-0 | -                                | 47/80   | ADOPTED
    W1b  | 2-1-0 | 1-7-0  | 3-2-0 | -                                | 221/480 | BELOW_THRESHOLD
    W1b  | 2-1-0 | 1-7-0  | 3-2-0 | mode=winner_takes_all            | 13/20   | ADOPTED
    W2   | 2-1-1 | 4-3-3  | 2-1-1 | -                                | 19/30   | ADOPTED
    W2   | 2-1-1 | 4-3-3  | 2-1-1 | base=present                     | 93/200  | BELOW_THRESHOLD
    W3   | 4-0-0 | 9-0-0  | 2-0-0 | -                                | 1       | NO_QUORUM
    W3'  | 4-0-0 | 9-0-0  | 2-0-0 | quorum_per_college=1/3           | 1       | ADOPTED
    W4   | 4-0-0 | 10-0-0 | 1-4-0 | -                                | 4/5     | ADOPTED
    W4   | 4-0-0 | 10-0-0 | 1-4-0 | majority_of_colleges=3           | 4/5     | TOO_FEW_COLLEGES
    W5   | 2-2-0 | 5-5-0  | 4-2-0 | majority_of_colleges=1           | 13/24   | ADOPTED
    W5   | 2-2-0 | 5-5-0  | 4-2-0 | -                                | 13/24   | TOO_FEW_COLLEGES
    W5r  | 2-2-0 | 5-5-0  | 4-2-0 | majority_of_colleges=1 recused=2 | 239/480 | BELOW_THRESHOLD
    W5r  | 2-2-0 | 5-5-0  | 4-2-0 | recused=2                        | 239/480 | BELOW_THRESHOLD
    W6   | 2-2-0 | 5-5-0  | 3-3-0 | -                                | 1/2     | TIED
    W6   | 2-2-0 | 5-5-0  | 3-3-0 | majority_of_colleges=0           | 1/2     | TIED

    2/3  | 4-0-0 | 5-5-0  | 3-3-0 | threshold=7/10 majority_of_colleges=1 | 7/10 | ADOPTED
    2/3  | 4-0-0 | 5-5-0  | 3-3-0 | threshold=3/4 majority_of_colleges=1  | 7/10 | BELOW_THRESHOLD
    all  | 4-0-0 | 9-0-1  | 6-0-0 | threshold=1                      | 1       | ADOPTED
    all  | 4-0-0 | 9-0-1  | 6-0-0 | threshold=1 base=present         | 193/200 | BELOW_THRESHOLD
    none | 3-1-0 | 0-0-10 | 3-1-0 | -                                | 3/4     | ADOPTED
    none | 3-1-0 | 0-0-10 | 3-1-0 | empty=as_zero                    | 39/80   | BELOW_THRESHOLD
    none | 3-1-0 | 0-0-10 | 3-1-0 | empty=invalid                    | null    | INVALID
    none | 0-0-4 | 0-0-10 | 0-0-6 | -                                | null    | NOTHING_EXPRESSED
    call | 1-0-0 | 1-0-0  | 1-0-0 | quorum_per_college=null quorum=1/4 | 1     | NO_QUORUM
    call | 1-0-0 | 1-0-0  | 1-0-0 | quorum_per_college=null          | 1       | ADOPTED
"""
LINES = [line for line in EXAMPLES.splitlines() if line.strip()]


def case_of(weights, sizes, votes, rule, recused):
    """Return a case as `ctin tally` reads it; the first of the last college but one are recused."""
    members, ballots = [], []
    for college, size in sizes.items():
        choices = [
            choice
            for choice, count in zip(("for", "against", "abstain"), votes[college], strict=True)
            for _ in range(count)
        ]
        for n in range(size):
            members.append({"id": f"{college}-{n}", "college": college, "units": 1})
            if n < len(choices):
                ballots.append(
                    {"seq": len(ballots) + 1, "member": f"{college}-{n}", "choice": choices[n]}
                )
    return {
        "colleges": {name: {"weight": weight} for name, weight in weights.items()},
        "members": members,
        "recused": recused,
        "ballots": ballots,
        "rule": rule,
    }


def tally(text: str, monkeypatch, capsys) -> tuple[int, list[dict], str]:
    """Run `ctin tally` on a text."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code = main(["tally"])
    said = capsys.readouterr()
    return code, [json.loads(line) for line in said.out.splitlines()], said.err


def example(line: str):
    """Return the case of a line of the table, its score and its result."""
    _, *votes, over, score, result = (part.strip() for part in line.split("|"))
    asked = dict(one.split("=") for one in over.split()) if over != "-" else {}
    recused = [f"mediation-{n}" for n in range(int(asked.pop("recused", 0)))]
    typed = {
        name: None if value == "null" else int(value) if name == "majority_of_colleges" else value
        for name, value in asked.items()
    }
    shape = {
        college: tuple(map(int, one.split("-")))
        for college, one in zip(WEIGHTS, votes, strict=True)
    }
    case = case_of(WEIGHTS, SIZES, shape, {**RULE, **typed}, recused)
    return case, None if score == "null" else score, result


@pytest.mark.parametrize("line", LINES)
def test_a_vote_is_decided_as_the_table_says(line, monkeypatch, capsys):
    case, score, result = example(line)

    code, (found,), _ = tally(json.dumps(case), monkeypatch, capsys)

    assert code == 0
    assert (found["score"], found["reason"]) == (score, result)
    assert found["adopted"] == (result == "ADOPTED")
    assert found["quorum"] == (result != "NO_QUORUM")


@pytest.mark.parametrize("line", LINES)
def test_the_auditor_decides_the_same_from_the_same_units(line, monkeypatch, capsys):
    case, _, _ = example(line)
    _, (found,), _ = tally(json.dumps(case), monkeypatch, capsys)
    rule = {**case["rule"], "colleges": WEIGHTS}
    units = {
        name: auditor.Units(one["roll"], one["recused"], one["for"], one["against"], one["abstain"])
        for name, one in found["colleges"].items()
    }

    assert auditor.recompute(rule, units) == found


def test_every_number_of_a_result_is_there_to_recompute_it(monkeypatch, capsys):
    case, _, _ = example(next(line for line in LINES if "W5r" in line))

    _, (found,), _ = tally(json.dumps(case), monkeypatch, capsys)

    assert found["participation"] == "1"
    assert found["majorities"] == 1
    assert found["colleges"]["mediation"] == {
        "weight": "7/20",
        "roll": 10,
        "recused": 2,
        "units": 8,
        "for": 3,
        "against": 5,
        "abstain": 0,
        "voted": 8,
        "counted": 8,
        "turnout": "1",
        "share": "3/8",
        "majority": False,
    }


COOPERATIVE = {"users": "2/5", "employees": "1/4", "producers": "1/4", "partners": "1/10"}
HEADS = {"users": 16, "employees": 457, "producers": 146, "partners": 252}


def test_a_cooperative_of_four_unequal_colleges_votes_by_college(monkeypatch, capsys):
    votes = {
        "users": (9, 3, 0),
        "employees": (60, 90, 10),
        "producers": (40, 10, 0),
        "partners": (30, 10, 1),
    }
    rule = {**RULE, "quorum": "1/4", "quorum_per_college": "1/10", "majority_of_colleges": 3}

    _, (found,), _ = tally(
        json.dumps(case_of(COOPERATIVE, HEADS, votes, rule, [])), monkeypatch, capsys
    )

    score = (
        Fraction(2, 5) * Fraction(9, 12)
        + Fraction(1, 4) * Fraction(60, 150)
        + Fraction(1, 4) * Fraction(40, 50)
        + Fraction(1, 10) * Fraction(30, 40)
    )
    assert (found["adopted"], found["score"], found["majorities"]) == (True, str(score), 3)
    assert found["colleges"]["employees"]["turnout"] == "160/457"
    heads = sum(HEADS.values())
    voters = sum(map(sum, votes.values()))
    assert Fraction(voters, heads) < Fraction(1, 3), "a quorum by heads would have failed"


def test_units_weigh_and_the_last_sequence_number_counts(monkeypatch, capsys):
    case, _, _ = example(LINES[0])
    case["members"][0]["units"] = 7
    case["ballots"].insert(0, {"seq": 900, "member": "mediation-0", "choice": "against"})
    case["ballots"].append({"seq": 901, "member": "private-3", "choice": "blank"})

    _, (found,), _ = tally(json.dumps(case), monkeypatch, capsys)

    assert found["colleges"]["private"]["for"] == 9
    assert found["colleges"]["private"]["abstain"] == 1
    assert (found["colleges"]["mediation"]["for"], found["colleges"]["mediation"]["against"]) == (
        1,
        6,
    )


def test_several_cases_are_answered_in_order(monkeypatch, capsys):
    cases = [example(line) for line in LINES]
    text = "\n".join(json.dumps(case) for case, _, _ in cases) + "\n\n"

    code, found, _ = tally(text, monkeypatch, capsys)

    assert code == 0
    assert [one["reason"] for one in found] == [reason for _, _, reason in cases]


def test_a_case_may_be_written_over_several_lines(monkeypatch, capsys):
    case, score, _ = example(LINES[0])
    code, found, _ = tally(json.dumps(case, indent=2), monkeypatch, capsys)
    assert (code, found[0]["score"]) == (0, score)


# what is wrong with the first example | and what is said of it
WRONG = {
    "a weight is a float": ({"colleges": {"a": {"weight": 0.4}}}, "weight"),
    "weights are not 1": (
        {"colleges": {"a": {"weight": "1/2"}, "b": {"weight": "1/4"}}},
        "colleges : Les poids des collèges font 3/4 au lieu de 1.",
    ),
    "a weight is above one half": (
        {"colleges": {"a": {"weight": "3/5"}, "b": {"weight": "2/5"}}},
        "colleges : Le poids 3/5 du collège a sort de 1/10 à 1/2.",
    ),
    "a weight is under one tenth": (
        {"colleges": {"a": {"weight": "1/2"}, "b": {"weight": "9/20"}, "c": {"weight": "1/20"}}},
        "colleges : Le poids 1/20 du collège c sort de 1/10 à 1/2.",
    ),
    "a threshold under one half": ({"rule": {**RULE, "threshold": "1/3"}}, "threshold : "),
    "a threshold over one": ({"rule": {**RULE, "threshold": "3/2"}}, "threshold : "),
    "a quorum over one": ({"rule": {**RULE, "quorum": "3/2"}}, "quorum : "),
    "a quorum by college over one": (
        {"rule": {**RULE, "quorum_per_college": "3/2"}},
        "quorum_per_college : ",
    ),
    "more colleges than there are": (
        {"rule": {**RULE, "majority_of_colleges": 4}},
        "majority_of_colleges : 4 collèges",
    ),
    "an unknown mode": ({"rule": {**RULE, "mode": "median"}}, "rule.mode : "),
    "a rule that is not one": ({"rule": {**RULE, "quorums": "0"}}, "quorums"),
    "a choice that is not one": (
        {"ballots": [{"seq": 1, "member": "private-0", "choice": "yes"}]},
        "ballots",
    ),
    "a ballot of a stranger": (
        {"ballots": [{"seq": 1, "member": "nobody", "choice": "for"}]},
        "ballots : « nobody » n'est pas parmi les membres.",
    ),
    "a stranger recused": ({"recused": ["nobody"]}, "recused : « nobody »"),
    "one number for two ballots": (
        {
            "ballots": [
                {"seq": 1, "member": "private-0", "choice": "for"},
                {"seq": 1, "member": "private-1", "choice": "for"},
            ]
        },
        "ballots : le rang « 1 » est donné deux fois.",
    ),
    "a member twice": (
        {"members": [{"id": "a", "college": "private", "units": 1}] * 2, "ballots": []},
        "members : le membre « a » est donné deux fois.",
    ),
    "a member without a college": (
        {"members": [{"id": "a", "college": "elsewhere", "units": 1}], "ballots": []},
        "members : le collège « elsewhere »",
    ),
    "units under zero": (
        {"members": [{"id": "a", "college": "private", "units": -1}], "ballots": []},
        "members",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_case_that_cannot_be_counted_is_refused_in_a_sentence(wrong, monkeypatch, capsys):
    case, _, _ = example(LINES[0])
    over, said = WRONG[wrong]

    code, found, error = tally(json.dumps({**case, **over}), monkeypatch, capsys)

    assert (code, found) == (1, [])
    assert said in error
    assert error.endswith(".\n")
    assert "Traceback" not in error


def test_a_wrong_case_among_several_is_named_by_its_line(monkeypatch, capsys):
    case = json.dumps(example(LINES[0])[0])

    code, found, error = tally(f"{case}\n{{}}\n{case}\n", monkeypatch, capsys)

    assert (code, len(found)) == (1, 1)
    assert error.startswith("ligne 2 : ")


@pytest.mark.parametrize("text", ["", " \n \n"])
def test_no_case_at_all_is_wrong_usage(text, monkeypatch, capsys):
    code, _, error = tally(text, monkeypatch, capsys)
    assert code == 2
    assert error.startswith("Aucun cas")


def test_what_is_not_json_is_refused(monkeypatch, capsys):
    code, _, error = tally('{"colleges": ', monkeypatch, capsys)
    assert (code, error) == (1, "Le JSON est mal formé ; vérifiez-le.\n")
