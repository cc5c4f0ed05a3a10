"""Motion Studio: sessions, jobs, the command line and the browser interface."""
