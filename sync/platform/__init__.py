"""The platform's end: the online service that holds every shop's record."""
