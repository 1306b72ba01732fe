"""Who follows which coordination now, and what they have not been told yet."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from services.portal.errors import TooManyFollow
from services.portal.model.topics import Topic


class Follower:
    """One browser: the topics that moved since it was last told."""

    def __init__(self) -> None:
        """Start with nothing to tell."""
        self._moved: set[Topic] = set()
        self._woken = asyncio.Event()

    def tell(self, topic: Topic) -> None:
        """Add a topic; twice before it is taken counts once."""
        self._moved.add(topic)
        self._woken.set()

    async def moved(self, seconds: float) -> list[Topic]:
        """Return what moved, in a fixed order; nothing when nothing did for `seconds`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
        self._woken.clear()
        found, self._moved = self._moved, set()
        return [topic for topic in Topic if topic in found]


class Hub:
    """All followers of this process."""

    def __init__(self, followers_max: int) -> None:
        """Start with nobody."""
        self._followers: dict[str, set[Follower]] = {}
        self._max, self._count = followers_max, 0
        self._echoes: dict[tuple[str, Topic], asyncio.TimerHandle] = {}

    @contextmanager
    def follow(self, coordination: str) -> Iterator[Follower]:
        """Count a browser in for as long as the block lasts.

        Raises:
            TooManyFollow: as many as the settings admit already follow.
        """
        if self.is_full:
            raise TooManyFollow(self._max)
        follower = Follower()
        others = self._followers.setdefault(coordination, set())
        others.add(follower)
        self._count += 1
        try:
            yield follower
        finally:
            self._count -= 1
            others.discard(follower)
            if not others:
                self._followers.pop(coordination, None)

    @property
    def is_full(self) -> bool:
        """Whether no more can follow."""
        return self._count >= self._max

    @property
    def followers_max(self) -> int:
        """How many may follow at once."""
        return self._max

    def announce(
        self, coordination: str, topic: Topic, *, again_after: float | None = None
    ) -> None:
        """Tell all who follow `coordination`, at once and once more `again_after` seconds later.

        The second telling waits for the last change: a service that learns of the same fact a
        little after the portal has then had the time to count it.
        """
        for follower in self._followers.get(coordination, ()):
            follower.tell(topic)
        key = (coordination, topic)
        if again_after is not None and coordination in self._followers:
            if earlier := self._echoes.pop(key, None):
                earlier.cancel()
            self._echoes[key] = asyncio.get_running_loop().call_later(again_after, self._echo, *key)

    def _echo(self, coordination: str, topic: Topic) -> None:
        self._echoes.pop((coordination, topic), None)
        self.announce(coordination, topic)
