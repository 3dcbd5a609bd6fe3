"""What a program says: stray prints, forgotten debuggers, messages that cost or give secrets away."""
