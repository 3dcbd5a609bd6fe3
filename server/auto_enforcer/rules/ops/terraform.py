"""Terraform."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Zone
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.ops._shared import WRITTEN, headers, rule, siblings

_NAMES = (
    r"(?P<name>(?:ingress_)?(?:with_)?(?:ipv6_)?cidr_blocks|cidr_ipv[46]|source_ranges"
    r"|source_address_prefix(?:es)?|ingress_cidr_blocks|ingress_ipv6_cidr_blocks)"
)
_OPEN = r"(?P<span>\"(?:0\.0\.0\.0/0|::/0)\"|\"(?:\*|Internet|Any)\"(?=[ \t]*\]?[ \t]*(?:#.*)?$))"
_GROUPS = (
    r"\b(?:aws_(?:default_)?security_group(?:_rule)?|aws_vpc_security_group_\w+|google_compute_firewall"
    r"|azurerm_network_security_(?:rule|group))\b"
)


def _ranges(line: Line, options: Options) -> Iterator[Candidate]:
    text = line.only(WRITTEN)
    match = regex(rf"[ \t]*{_NAMES}[ \t]*=[ \t]*(?:\w+\()?(?:\[[^\]]{{0,200}}?)?{_OPEN}").match(text)
    name = match["name"] if match else ""
    if match is None:
        match = regex(rf"[ \t]*{_OPEN}[ \t]*,?").match(text)
        above = next(headers(line), None) if match else None
        found = regex(rf"[ \t]*{_NAMES}[ \t]*=[ \t]*\[[ \t]*$").match(above.text) if above else None
        name = found["name"] if found else ""
    if match is None or not name:
        return
    if match["span"].startswith(('"*', '"I', '"A')) and not name.startswith("source_address"):
        return
    known = name.startswith("ingress_") or any(
        regex(_GROUPS + r"|^[ \t]*(?:ingress|dynamic[ \t]+\"ingress\"|egress)\b").search(one.text)
        for one in headers(line)
    )
    if known:
        yield Candidate(*match.span("span"))


def _is_outward(line: Line, candidate: Candidate, options: Options) -> bool:
    """It says where one may go from here, or who may not come in."""
    for header in headers(line):
        if regex(r"^[ \t]*(?:dynamic[ \t]+\")?egress\b|_egress_rule\b").search(header.text):
            return True
        if regex(r"^[ \t]*(?:ingress\b|dynamic\b)").search(header.text):
            return False
    return any(
        regex(
            r"^[ \t]*(?:type|direction|access)[ \t]*=[ \t]*\"(?i:egress|outbound|deny)\"|^[ \t]*deny\b"
        ).search(text)
        for text in _block(line)
    )


def _is_web(line: Line, candidate: Candidate, options: Options) -> bool:
    """Only the ports that the web is served at are open."""
    ports: list[str] = []
    for text in (*_block(line), *_inner(line)):
        found = regex(r"^[ \t]*(?:from_port|to_port|ports|destination_port_ranges?)[ \t]*=[ \t]*(.*)").search(
            text
        )
        ports += regex(r"[\d*\-]+").findall(found[1]) if found else []
    return bool(ports) and all(port in ("80", "443") for port in ports)


def _block(line: Line) -> Iterator[str]:
    yield from siblings(line)
    above = next(headers(line), None)
    if above is not None and above.text.rstrip().endswith("["):
        yield from siblings(above)


def _inner(line: Line) -> Iterator[str]:
    """The lines of the blocks that stand beside a line, such as an `allow`."""
    indent = indent_of(line.text)
    for lines in (line.before(20), line.after(20)):
        for one in lines:
            if one.text.strip() and indent_of(one.text) < indent:
                break
            if indent_of(one.text) > indent:
                yield one.text


def _privileges(line: Line, options: Options) -> Iterator[Candidate]:
    pattern = r"(?<![\w.])\"?privileged\"?[ \t]*[=:][ \t]*\"?(?P<value>true|false)\b\"?(?![ \t]*[\w?])"
    for match in regex(pattern).finditer(line.only(WRITTEN)):
        # In text, only the key of an object of JSON counts.
        if line.zone_at(match.start()) & Zone.CODE or match[0].startswith('"privileged"'):
            yield Candidate(*match.span(), value="off" if match["value"] == "false" else "")


RULES = (
    rule(
        "world-open-security-group",
        ("terraform",),
        _ranges,
        (r"\"(?:0\.0\.0\.0/0|::/0)\"", r"source_address_prefix"),
        (Excuse("outward", _is_outward), Excuse("web", _is_web)),
    ),
    rule("privileged-container", ("terraform",), _privileges, (r"\bprivileged\b",), (said("off"),)),
)
