"""Finding, signing up and showing members."""
