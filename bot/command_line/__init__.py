"""What the `broadsheet` command does: one module for each subcommand."""
