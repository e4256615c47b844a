"""Tables: CSV and Excel files read as rows, and rows written as files; a file is known by its content, not its name."""
