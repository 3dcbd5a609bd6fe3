"""`auto-enforcer hook`: judges what a coding agent writes, and answers as the agent wants to be answered."""
