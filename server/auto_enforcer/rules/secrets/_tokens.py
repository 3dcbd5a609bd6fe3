"""Every provider's tokens: those with a form of their own, and those that a name beside them tells."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auto_enforcer.rules.secrets._named import NAMED
from auto_enforcer.rules.secrets._providers import PROVIDERS
from auto_enforcer.rules.secrets._services import SERVICES
from auto_enforcer.rules.secrets._shared import Shape

TOKENS: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        name: (*PROVIDERS.get(name, ()), *SERVICES.get(name, ()), *NAMED.get(name, ()))
        for name in dict.fromkeys((*PROVIDERS, *SERVICES, *NAMED))
    }
)
"""Rule names with their shapes."""
