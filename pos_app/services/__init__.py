"""Use cases: one user intent, one method, one transaction, one result."""
