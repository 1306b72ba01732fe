"""How names are compared, found and shortened."""

import re
import unicodedata

SLUG_CHARS_MAX = 60
NAME_CHARS_MAX = 200
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})


def name_key(name: str) -> str:
    """Return a name as it is compared: small letters and digits in words, no accent, no sign."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LIGATURES))
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return _NOT_PLAIN.sub(" ", bare).strip()


def words_begun(asked: str) -> str:
    """Return a text query that finds names in which each word of `asked` begins a word.

    It finds nothing when `asked` holds no letter and no digit.
    """
    return " & ".join(f"{word}:*" for word in name_key(asked).split())


def slug_of(name: str) -> str:
    """Return the slug that a name gives by itself; it may be taken."""
    slug = name_key(name).replace(" ", "-")[:SLUG_CHARS_MAX].strip("-")
    return slug if slug[:1].isalpha() else f"o-{slug}"[:SLUG_CHARS_MAX].strip("-")


def another_slug(slug: str, number: int) -> str:
    """Return the `number`th slug after `slug`, which is taken."""
    ending = f"-{number}"
    return f"{slug[: SLUG_CHARS_MAX - len(ending)].rstrip('-')}{ending}"
