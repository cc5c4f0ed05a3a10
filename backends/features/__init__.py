"""Motion as the arrays that networks read and write, one layout a file."""
