"""What harms a database: changes without a condition, rights without bounds, comparisons that never hold."""
