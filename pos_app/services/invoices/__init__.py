"""Requests for tax invoices (发票): asking, handing over, what came of it, and what a return does to them."""
