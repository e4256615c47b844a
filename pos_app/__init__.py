"""The shop: decisions, use cases, storage and devices, with no Qt and no network."""
