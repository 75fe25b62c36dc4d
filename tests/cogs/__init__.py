"""What people see of the commands: a simulated Discord in the process, the real client, a real database."""
