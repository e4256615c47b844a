"""Fonts, icons, translations, styles and the demo shop: data only."""
