"""Speed, memory and quality: `python -m tests.benchmarks NAME [--json FILE]`."""
