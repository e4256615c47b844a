"""Tests of ui.devices."""
