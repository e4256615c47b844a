"""Tests of the domain: decisions only, no disk, no clock."""
