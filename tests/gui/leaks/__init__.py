"""The leak report on the screen."""
