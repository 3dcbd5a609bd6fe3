"""SQL over data that tenants share, in the strings of the other languages."""

from __future__ import annotations

from auto_enforcer.rules.tenancy._shared import rules
from auto_enforcer.rules.tenancy._statements import TRIGGERS, statements

RULES = rules(("java", "kotlin", "csharp", "go", "rust", "ruby", "php", "swift"), statements, TRIGGERS)
