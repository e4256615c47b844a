"""Window, navigation, lanes, scanner, theme and notices; knows no screen by name."""
