"""What each command does to a project, a file a subject; ``apply.py`` chooses among them."""
