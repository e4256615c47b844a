"""The demo shop's goods, people and prices hold what they promise."""
