"""What was left behind for later."""
