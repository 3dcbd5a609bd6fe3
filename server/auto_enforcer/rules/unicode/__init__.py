"""Characters that hide, or pose as others."""
