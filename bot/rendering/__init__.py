"""Turns records into what people see: Discord messages, Markdown, HTML and the terminal (pure functions)."""
