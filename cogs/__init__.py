"""Discord commands: parse the input, call one service, show the result."""
