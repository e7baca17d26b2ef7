"""`flask db …` finds our revisions and metadata without a settings file."""

from pathlib import Path

import flask_migrate
from flask import Flask
from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate

import app.migrations.run as migrations
from models import Model
from models.engine import create_engine_for


def test_flask_migrate_brings_a_database_up_and_sees_no_drift(empty_database_url: str) -> None:
    console = Flask("演示")
    console.config["SQLALCHEMY_DATABASE_URI"] = empty_database_url
    db = SQLA(metadata=Model.metadata)
    db.init_app(console)
    Migrate(console, db, directory=str(Path(migrations.__file__).parent))

    with console.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()

    engine = create_engine_for(empty_database_url)
    with engine.connect() as connection:
        assert migrations.is_current(connection)
        assert migrations.drift(connection) == []
    engine.dispose()
