"""The second screen, which faces the customer: what is bought, what it comes to, and what she may answer herself."""
