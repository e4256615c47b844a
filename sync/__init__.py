"""How tills and the platform hold one record of each member."""
