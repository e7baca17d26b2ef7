"""Who works here and in which roles (系统管理)."""
