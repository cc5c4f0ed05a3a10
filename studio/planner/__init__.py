"""From what an animator says to a plan: typed steps that the session carries out as one edit."""
