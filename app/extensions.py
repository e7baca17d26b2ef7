"""What the application is put together from: the database, FAB and the parts that the composition root chose."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from app.domain.clock import Clock
from models import Model

if TYPE_CHECKING:
    from app.storage import Storage
    from config import Settings

db = SQLA(metadata=Model.metadata)  # FAB's own object would hold an empty metadata
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"))
csrf = CSRFProtect()


@dataclass
class Parts:
    """`app.extensions["yht"]`: what was chosen for this process."""

    settings: "Settings"
    clock: Clock
    storage: "Storage"
    counters: Any  # app.security.throttle.Counters, which stands beside this module, not below it
    views: dict[str, Any] = field(default_factory=dict)  # by blueprint, FAB's views alone


class Console(AppBuilder):
    """FAB without the views it would register by itself; `views.register_all` says what there is."""

    def _add_admin_views(self) -> None:
        """Nothing: no stock page is reachable that nobody chose."""
