"""How much work people may ask for, and whose turn it is."""
