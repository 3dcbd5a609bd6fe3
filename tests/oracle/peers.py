"""What stands beside us, by language."""

from __future__ import annotations

from oracle.peer import Peer
from oracle.peers_braces import PEERS as BRACES
from oracle.peers_data import PEERS as DATA
from oracle.peers_scripts import PEERS as SCRIPTS

PEERS: dict[str, Peer] = {**SCRIPTS, **BRACES, **DATA}
