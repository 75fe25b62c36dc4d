"""The durable runs: what they do, what starts them, and the engine that keeps them."""
