"""Messages to the outside: written in the deciding transaction, delivered later. It decides nothing."""
