"""Hypothesis without a deadline: the machine that tests may be busy, the answer does not depend on it."""

from hypothesis import HealthCheck, settings

settings.register_profile("domain", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("domain")
