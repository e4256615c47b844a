"""Labels and cards on the real store and printers that jam."""
