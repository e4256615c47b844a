"""The schema of the platform's database, step by step."""
