"""Schema history. Run it with `app.migrations.run` or Flask-Migrate; no settings file is needed."""
