"""What a workspace's policies and attributes say of its files, by path, as of a day."""

from __future__ import annotations

import os
from datetime import date

from auto_enforcer.attributes import Attributes
from auto_enforcer.policy import Policy, Resolver, Selection
from auto_enforcer.policy_values import Place


class Policies:
    """Answers by path. `relative` is a path relative to the workspace's root, with forward slashes."""

    __slots__ = ("_attributes", "resolver", "root", "today")

    def __init__(self, root: str, resolver: Resolver, today: date) -> None:
        self.root = root
        self.resolver = resolver
        self.today = today
        """The day that dates are compared with."""
        self._attributes = Attributes(root)

    def relative(self, path: str) -> str:
        """A path relative to the root, with forward slashes; one outside the root keeps its `..`."""
        root = self.root
        if path.startswith(root) and path[len(root) : len(root) + 1] == os.sep:
            inner = path[len(root) + 1 :]
        else:
            try:
                inner = os.path.relpath(path, root)
            except ValueError:  # another drive
                inner = path
        return inner.replace(os.sep, "/") if os.sep != "/" else inner

    def of(self, relative: str) -> Policy:
        """The policy of a file."""
        return self.resolver.policy(relative)

    def selection(self, relative: str) -> Selection:
        """What its policy says of the rules for a file."""
        return self.resolver.policy(relative).select(relative)

    def excluded(self, relative: str) -> Place | None:
        """Where a policy leaves out a path relative to the root, or a folder that it lies in; None where none
        does. A folder's path ends in `/`."""
        folder = 0
        while (folder := relative.find("/", folder) + 1) and folder < len(relative):
            place = self.resolver.policy(relative[:folder]).excluded(relative[:folder])
            if place is not None:
                return place
        return self.resolver.policy(relative).excluded(relative)

    def is_generated(self, relative: str) -> bool:
        """Whether the policy or `.gitattributes` calls a file generated."""
        policy = self.resolver.policy(relative)
        return policy.generated(relative) is not None or self._attributes.generated(relative)

    def refresh(self, today: date) -> None:
        """Look for files that have changed. It is another day, too."""
        self.today = today
        self.resolver.refresh()
        self._attributes.forget()
