"""What Java, Groovy and Kotlin have in common."""

from __future__ import annotations

from auto_enforcer.model import Fact

TESTS = Fact(
    "jvm-tests",
    r"^import (?:static )?(?:org\.junit|kotlin\.test|org\.testng|io\.kotest|spock\.lang)\b"
    r"|^(?:public |final |abstract |internal |open ){0,3}class \w{0,60}(?:Test|Tests|IT|Spec)\b",
)

SKIP = (
    r"@(?:Disabled|Ignored?)\b(?:\( {0,4}(?:\" {0,4}\")? {0,4}\))?(?! {0,4}\(|[\w.])"
    r"(?=\s{0,40}(?:$|@|(?:public|private|protected|internal|fun|void|class|def)\b))"
)
"""An annotation that gives no reason."""

SKIP_TRIGGER = r"@(?:Disabled|Ignored?)\b"

CODE = (
    r"(?:(?:import|package|return|throw|if|for|foreach|while|switch|try|catch|using|public|private|protected"
    r"|internal|final|static|const|constexpr|auto|new|val|var"
    r"|fun|this|super|else|case)\b.*[;{})]$|[\w.<>\[\]]{1,80} \w{1,40} ?= ?\S.*;$"
    r"|[\w.\[\]]{1,80} ?[-+*/|&]?= ?\S.*;$"
    r"|[\w.]{1,80}\(.*\)(?: ?\{.*\})?;?$|\}\)?;?$|@[A-Z]\w{1,40}(?:\(.*\))?(?: .*[;{})])?$"
    r"|[\w:.]{1,60} ?<< ?\S.*;$|# {0,4}(?:include|define|if|ifdef|ifndef|endif)\b.{0,100}$"
    r"|\[(?:[A-Z]\w{1,40}\(.*\)|(?:Test|Fact|Theory|Ignore)\w{0,12})\]$)"
)

PLAIN = (
    r"(?:return (?!(?:early|here|it|this|that|them|now|values?|results?|immediately)$)[\w.]{1,60}$"
    r"|import [\w.]{1,80}(?: as \w{1,40})?$)"
)
"""A statement of one word that nothing ends."""
