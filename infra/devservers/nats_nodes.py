"""The nats-servers of one folder: one alone, or the nodes of a cluster on this machine."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from infra.devservers import spawning
from infra.devservers.nats import Nats
from infra.devservers.spawning import CannotStart
from infra.nats.render import CLUSTER, Node

HOST: Final = "127.0.0.1"
HEALTHY_SECONDS_MAX: Final = 60
Configure = Callable[[Nats, Node | None, str], str]
"""Returns the configuration of a server, from its node and where its streams are."""


class NatsNodes:
    """As many servers as there are client ports; the folder keeps that number for good."""

    def __init__(
        self,
        folder: Path,
        ports: Sequence[tuple[int, int, int]],
        *,
        configure: Configure,
        key: Callable[[], str],
        host: str = HOST,
        say: Callable[[str], None] | None = None,
    ) -> None:
        """Name the servers of a folder; nothing is touched before `start`.

        Args:
            folder: one alone has it for itself, and nodes have a folder each in it.
            ports: of each server: for clients, of its monitor, for the other nodes.
            configure: writes the configuration of one, at each start.
            key: gives what the streams of a cluster are encrypted with.
            host: the address of the ports of clients.
            say: told, in French, what the operator would not expect.
        """
        self._folder, self._ports, self._configure = folder.resolve(), ports, configure
        self._turn, self._key = threading.Lock(), key
        is_alone = len(ports) == 1
        self.servers = [
            Nats(
                folder if is_alone else folder / name_of(number),
                port=client,
                monitor_port=monitor,
                host=host,
                say=say,
                is_alone=is_alone,
            )
            for number, (client, monitor, _) in enumerate(ports, start=1)
        ]

    @property
    def folder(self) -> Path:
        """Where everything of them is."""
        return self._folder

    @property
    def url(self) -> str:
        """The addresses for clients of this machine, between commas."""
        return ",".join(one.url for one in self.servers)

    @property
    def monitor_url(self) -> str:
        """Where they say how they are, likewise."""
        return ",".join(f"http://{HOST}:{one.monitor_port}" for one in self.servers)

    @property
    def is_alone(self) -> bool:
        """Whether one server is all there is."""
        return len(self.servers) == 1

    def configuration(self, number: int) -> str:
        """Return the configuration of the server of a number, from 1 on."""
        server = self.servers[number - 1]
        streams = str(server.folder / "streams")
        if self.is_alone:
            return self._configure(server, None, streams)
        with self._turn:  # They start together, and share what is written beside.
            return self._configure(server, self._node(number), streams)

    def _node(self, number: int) -> Node:
        routes = tuple(f"{HOST}:{route}" for _, _, route in self._ports)
        own = routes[number - 1]
        others = tuple(one for one in routes if one != own)
        return Node(name=name_of(number), listen=own, routes=others, key=self._key())

    def refuse_other_number(self) -> None:
        """Refuse a folder whose streams another number of servers wrote.

        Raises:
            CannotStart: a server alone knows nothing of a cluster's streams, nor it of one's.
        """
        is_one = (self._folder / "streams").exists()
        is_cluster = (self._folder / name_of(1) / "streams").exists()
        if (is_one and not self.is_alone) or (is_cluster and self.is_alone):
            whose = "d'un serveur NATS seul" if is_one else "d'une grappe de serveurs NATS"
            raise CannotStart(
                f"Les flux de {self._folder} sont ceux {whose} : "
                "gardez ce nombre de serveurs, ou prenez un autre dossier."
            )

    def start(self) -> None:
        """Start them together and return once each says it is healthy.

        Raises:
            CannotStart: one refused, or they do not find each other.
        """
        self.refuse_other_number()
        with ThreadPoolExecutor(len(self.servers)) as threads:
            started = [
                threads.submit(one.start, self.configuration(number))
                for number, one in enumerate(self.servers, start=1)
            ]
        try:
            for one in started:
                one.result()
            self.wait_healthy()
        except BaseException:
            self.stop()
            raise

    def wait_healthy(self) -> None:
        """Return once each server says it is healthy: then streams can be made.

        Raises:
            CannotStart: they do not find each other.
        """
        deadline = time.monotonic() + HEALTHY_SECONDS_MAX
        while not all(one.is_healthy for one in self.servers):
            if time.monotonic() >= deadline:
                raise CannotStart("Les serveurs NATS ne forment pas une grappe en une minute.")
            time.sleep(spawning.PAUSE_SECONDS)

    def reload(self) -> None:
        """Change the configuration of each and return once it is in force.

        Raises:
            CannotStart: one refuses it and keeps the former; its reason is quoted.
        """
        for number, server in enumerate(self.servers, start=1):
            server.reload(self.configuration(number))

    def stop(self) -> None:
        """Stop those that were started; safe to repeat."""
        with ThreadPoolExecutor(len(self.servers)) as threads:
            list(threads.map(Nats.stop, self.servers))


def name_of(number: int) -> str:
    """Return the name of a node, from 1 on."""
    return f"{CLUSTER}-{number}"
