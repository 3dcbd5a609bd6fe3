"""Debt in Ruby."""

from __future__ import annotations

from auto_enforcer.model import Fact
from auto_enforcer.rules.debt._shared import (
    HASH,
    commented_out_code,
    condition,
    focused_test,
    skipped_test,
    unimplemented_body,
    unless_fact,
)

_TESTS = Fact(
    "ruby-tests",
    r"^\s*(?:(?:RSpec\.)?(?:describe|feature|shared_examples)\b|require [\"'](?:spec_helper"
    r"|rails_helper|test_helper"
    r"|minitest|rspec)|class \w{1,80} < (?:Minitest|Test::Unit|ActiveSupport::TestCase|ActionDispatch))",
)
_EXAMPLES = "it|example|specify|scenario|describe|context|feature"

RULES = (
    focused_test(
        ("ruby",),
        rf"^\s*(?:(?:RSpec\.)?(?:{_EXAMPLES})\b[^\n]{{0,160}},\s{{0,4}}(?=:?focus\b))?"
        rf"(?P<span>f(?:{_EXAMPLES})(?=[ (]+[\"'A-Z])"
        r"|(?<=[, ])(?::focus(?: {0,2}=> {0,2}true)?|focus: {0,2}true)(?=\s{0,4}(?:do\b|\{|,|\)|$)))",
        triggers=(rf"\bf(?:{_EXAMPLES})[ (]", r",\s{0,4}:?focus\b"),
        excuses=(unless_fact(_TESTS.name),),
        facts=(_TESTS,),
    ),
    skipped_test(
        ("ruby",),
        rf"^\s*(?:(?:RSpec\.)?(?:{_EXAMPLES})\b[^\n]{{0,160}},\s{{0,4}}(?=:?(?:skip|pending)\b))?"
        rf"(?P<span>x(?:{_EXAMPLES})(?=[ (]+[\"'A-Z])|(?:skip|pending)(?=\s{{0,40}}$)"
        r"|(?<=[, ])(?::(?:skip|pending)(?: {0,2}=> {0,2}true)?|(?:skip|pending): {0,2}true)"
        r"(?=\s{0,4}(?:do\b|\{|,|\)|$)))",
        triggers=(rf"\bx(?:{_EXAMPLES})[ (]", r"\b(?:skip|pending)\b"),
        excuses=(unless_fact(_TESTS.name), condition(r"\b(?:if|unless|else|elsif|when|rescue)\b")),
        facts=(_TESTS,),
    ),
    unimplemented_body(
        ("ruby",),
        r"(?P<span>\braise[ (]NotImplementedError\b[^\n]{0,80})",
        triggers=(r"raise[ (]NotImplementedError",),
    ),
    commented_out_code(
        ("ruby",),
        HASH,
        r"(?:(?:require|require_relative|include|def|class|module|if|unless|while|return|raise|puts"
        r"|attr_\w{4,9})\b[ (].{1,120}$"
        r"|end$|[A-Z][A-Z0-9_]{1,40} ?= ?\S.{0,120}$"
        r"|(?:[fx]?(?:it|describe|context|specify)|test) \"\"(?:, .{1,60})? (?:do|\{).{0,60}$"
        r"|@?[a-z_][\w.]{0,60}(?:\[[^\]]{1,40}\])? ?[-+*/|&]{0,2}= ?\S.{0,120}$"
        r"|[a-z_][\w.]{0,60}\([^)]{0,80}\)$"
        r"|[a-z_][\w.]{0,60}(?:\([^)]{0,80}\))? (?:do|\{)(?: ?\|[^|]{1,40}\|)?$)",
    ),
)
