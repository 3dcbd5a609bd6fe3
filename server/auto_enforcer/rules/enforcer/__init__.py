"""The enforcer family: what is wrong with suppressions, and rules that could not run."""
