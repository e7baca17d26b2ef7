"""What a return may name, in words: inputs of the record and scans, also those of the enterprise behind a project."""

from flask_babel import gettext as _

from app.services import reference, snapshot
from models.project import Project
from views.base import db
from views.forms import is_chinese


def item_words(record: snapshot.Record) -> dict[str, str]:
    """The words of everything a return of this record may name."""
    words = {field.name: _(field.label) for field in snapshot.table_of(record)}
    records: list[snapshot.Record] = [record]
    if isinstance(record, Project) and record.organization.enterprise is not None:
        records.append(record.organization.enterprise)
    for one in records:
        for slot in reference.slots_of(db(), one):
            label = slot.label if is_chinese() else slot.label_en
            words.setdefault(slot.slot, _("%(label)s扫描件", label=label))
    return words
