"""What must not get in or out: secrets, text that acts on a terminal, plans that attack their reader."""
