"""Small exact values: money, quantity, rates, barcodes, phones, clocks, ids."""
