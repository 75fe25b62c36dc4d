"""What the `broadsheet` command does: a module a subcommand."""
