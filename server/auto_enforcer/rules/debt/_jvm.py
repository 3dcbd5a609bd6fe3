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
    r"(?:(?:import|package|return|throw|if|for|while|switch|try|catch|public|private|protected|final"
    r"|static|new|val|var"
    r"|fun|this|super|else|case)\b.*[;{})]$|[\w.<>\[\]]{1,80} \w{1,40} ?= ?\S.*;$"
    r"|[\w.\[\]]{1,80} ?[-+*/|&]?= ?\S.*;$"
    r"|[\w.]{1,80}\(.*\);?$|\}\)?;?$|@[A-Z]\w{1,40}(?:\(.*\))?$)"
)
