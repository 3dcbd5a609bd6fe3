"""The vocabulary: how its values are made."""

from __future__ import annotations

import ast
import pickle
import typing

from auto_enforcer import model
from test_architecture import trees


class Ours(model.NamedTuple):
    """A value."""

    name: str
    size: int = 3
    """What it takes."""
    rest: tuple[Missing, ...] = ()  # type: ignore[name-defined]  # noqa: F821

    @property
    def twice(self) -> int:
        """Two of it."""
        return 2 * self.size


class Theirs(typing.NamedTuple):
    """A value."""

    name: str
    size: int = 3
    """What it takes."""
    rest: tuple[Missing, ...] = ()  # type: ignore[name-defined]  # noqa: F821

    @property
    def twice(self) -> int:
        """Two of it."""
        return 2 * self.size


def test_a_value_is_what_a_named_tuple_is() -> None:
    ours, theirs = Ours("a", rest=(1,)), Theirs("a", rest=(1,))
    assert ours == theirs == ("a", 3, (1,))
    assert hash(ours) == hash(theirs)
    assert repr(ours).replace("Ours", "Theirs") == repr(theirs)
    assert ours.twice == theirs.twice == 6
    assert ours._replace(size=4) == theirs._replace(size=4)
    assert ours._asdict() == theirs._asdict()
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert (Ours.__doc__, Ours.__module__, Ours.__name__) == (Theirs.__doc__, __name__, "Ours")
    assert list(Ours.__annotations__) == list(Theirs.__annotations__)
    assert Ours.__slots__ == () == Theirs.__slots__
    assert pickle.loads(pickle.dumps(ours)) == ours


def test_no_module_makes_named_tuples_of_typing() -> None:
    """They cost three times as much to make, and the command makes sixty before its first file."""
    for name, tree in trees().items():
        if name == "model":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "typing":
                assert "NamedTuple" not in [alias.name for alias in node.names], f"{name}.py:{node.lineno}"
