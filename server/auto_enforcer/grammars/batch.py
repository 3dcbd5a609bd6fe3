from auto_enforcer.grammars.delimited import modes as modes  # stub
