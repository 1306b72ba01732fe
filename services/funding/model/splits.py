"""An amount split between funds, to the cent."""

from collections.abc import Mapping


def shares(amount_cents: int, voted_cents: Mapping[str, int]) -> dict[str, int]:
    """Split an amount between funds in proportion to what an opinion gives from each.

    Largest remainders: each fund first gets the whole cents of its exact share, then the cents
    left over go one by one to the largest remainders, ties to the lowest slug. No fund gets more
    than the opinion gives from it, and the order of `voted_cents` does not matter.

    Args:
        amount_cents: what to split, at most the sum of `voted_cents`.
        voted_cents: what the opinion gives from each fund, above zero.

    Returns:
        Cents of each fund of `voted_cents`; they add up to `amount_cents` exactly.
    """
    whole = sum(voted_cents.values())
    assert 0 <= amount_cents <= whole, "an opinion is split within what it gives"
    parts = {fund: divmod(amount_cents * voted_cents[fund], whole) for fund in sorted(voted_cents)}
    left = amount_cents - sum(cents for cents, _ in parts.values())
    first = sorted(parts, key=lambda fund: (-parts[fund][1], fund))[:left]
    found = {fund: cents + (fund in first) for fund, (cents, _) in parts.items()}
    assert sum(found.values()) == amount_cents
    assert all(found[fund] <= voted for fund, voted in voted_cents.items())
    return found
