"""The bureau's rules as values and pure functions: no framework, no database, no clock, no network."""
