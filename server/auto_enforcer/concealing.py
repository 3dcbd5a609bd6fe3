"""Finds what is secret, and hides it in words that are told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from auto_enforcer import reading, redaction, text
from auto_enforcer.activation import Activation
from auto_enforcer.looks import Lookout
from auto_enforcer.model import File, Line, Zone
from auto_enforcer.policies import Policies
from auto_enforcer.policy_values import LARGEST_FILE


class Concealing:
    """Hides the secrets of a workspace's configuration."""

    __slots__ = ("_activation", "_lookout", "_policies")

    def __init__(self, activation: Activation, policies: Policies) -> None:
        self._activation = activation
        self._policies = policies
        self._lookout: Lookout | None = None

    def lookout(self) -> Lookout:
        """What finds secrets."""
        if self._lookout is None:
            self._lookout = self._activation.concealing()
        return self._lookout

    def mask_of(self, files: Iterable[str], further: str = "") -> Callable[[str], str]:
        """Hides what is secret in some configuration files, by path relative to the root, in a further text,
        and in the words themselves."""
        every, file = self.lookout(), File("toml", self._policies.today)
        secrets: list[redaction.Secret] | None = []
        for name in files:
            try:
                with reading.open_regular(os.path.join(self._policies.root, name)) as opened:
                    content = opened.read(LARGEST_FILE)
            except OSError:
                continue
            found = redaction.secrets_in_block(every, content, file)
            secrets = None if secrets is None or found is None else secrets + found
        if further:
            found = redaction.secrets_in_block(every, further.encode(), file)
            secrets = None if secrets is None or found is None else secrets + found
        of_files = redaction.Mask(secrets)

        def mask(words: str) -> str:
            line = Line(words[: text.PIECE], 0, "plaintext", file, lambda: ((0, int(Zone.TEXT)),))
            own = redaction.secrets_in(every, line)
            masked = of_files.of(words)
            return masked if own == [] else redaction.Mask(own).of(masked)

        return mask
