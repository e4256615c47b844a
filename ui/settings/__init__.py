"""First run and settings."""
