"""Dangerous calls and settings: what lets text become code, and what switches a protection off."""
