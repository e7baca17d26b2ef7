"""What a database starts with: reference data always, demo data in the demo profile."""
