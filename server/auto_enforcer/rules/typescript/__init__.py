"""What TypeScript and JavaScript let pass: types that check nothing, comparisons that convert, old habits."""
