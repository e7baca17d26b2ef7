"""The interface for other systems (/api/v1/): keys, projects by number, matters written back, changes, its document."""
