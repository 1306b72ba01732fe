"""The cluster of three on this machine: its files are what is rendered, and the server takes them."""

import os
import shutil
import subprocess

import pytest

from contracts.streams import SERVICES
from infra.devservers.nats import _program
from infra.devservers.nats_nodes import NatsNodes
from infra.devservers.spawning import CannotStart
from infra.nats import cluster
from infra.nats.render import prepare_access
from tests.integration.conftest import new_seed, public_nkey

FILES = sorted(cluster.FOLDER.glob("*/nats.conf"))


def test_the_files_of_the_cluster_are_what_is_rendered():
    written = {path.parent.name: path.read_text(encoding="utf-8") for path in FILES}
    assert written == cluster.rendered(), "run: python -m infra.nats.cluster"


def taken(folder, system):
    """What nats-server says of each node's file."""
    environment = {**os.environ, "CTIN_SYSTEM_NKEY": system, "CTIN_STREAMS_KEY": "fictive"}
    said = {"capture_output": True, "text": True, "env": environment}
    paths = sorted(folder.glob("*/nats.conf"))
    return [subprocess.run([_program(), "-t", "-c", path], check=False, **said) for path in paths]


def test_the_server_takes_the_files_of_the_cluster_and_no_key_that_is_none(tmp_path):
    folder = tmp_path / "loopback"
    shutil.copytree(cluster.FOLDER, folder)
    prepare_access(folder / "access", {one: public_nkey(new_seed()) for one in SERVICES})

    sound = taken(folder, public_nkey(new_seed()))
    assert [one.returncode for one in sound] == [0] * cluster.NODES, sound
    assert all(one.returncode for one in taken(folder, "UNSOUND"))


def test_no_two_nodes_share_a_port_a_name_or_their_streams():
    values = {
        name: {line.split(":", 1)[1].strip() for line in text.splitlines() if is_own(line)}
        for name, text in cluster.rendered().items()
    }
    assert sum(map(len, values.values())) == len(set.union(*values.values())) == 4 * cluster.NODES


def is_own(line: str) -> bool:
    """Whether a line must differ from node to node."""
    return line.startswith(("listen:", "http:", "server_name:", "cluster {"))


@pytest.mark.parametrize(
    ("kept", "asked"), [("streams", 3), ("ctin-1/streams", 1)], ids=["one, then three", "back"]
)
def test_a_folder_is_not_opened_by_another_number_of_servers(tmp_path, kept, asked):
    (tmp_path / kept).mkdir(parents=True)
    ports = [(0, 0, 0)] * asked
    nodes = NatsNodes(tmp_path, ports, configure=lambda *_: "", key=str)
    with pytest.raises(CannotStart, match="serveur"):
        nodes.refuse_other_number()
