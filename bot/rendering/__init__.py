"""Records to what people see, within every limit (pure functions)."""
