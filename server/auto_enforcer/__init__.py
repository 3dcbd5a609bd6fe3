"""Auto-Enforcer: a team's policy, enforced while people and coding agents type."""

__version__ = "0.1.0"
