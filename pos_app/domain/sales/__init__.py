"""Lines, carts, pricing, tenders and returns."""
