"""Devices: each module implements a port of pos_app.services.ports."""
