"""What the recommended set says of well-kept real code, and what two readers say of that."""
