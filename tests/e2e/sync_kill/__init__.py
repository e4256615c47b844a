"""Kills of a platform and of a till that syncs with it; what is lost or doubled by them is found from outside."""
