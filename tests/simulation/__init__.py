"""Whole runs of several real tills and the real platform from one seed, with everything outside made up."""
