"""Grams of the contains-search: which rows hold which few characters (see app.domain.search)."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.search import LONGEST_GRAM
from models.base import Model, one_of

OF_PROJECT, OF_ORGANIZATION = "p", "o"
# Ranges over the beginning of a gram need the order of its bytes; SQLite has no other.
_GRAM = String(LONGEST_GRAM).with_variant(String(LONGEST_GRAM, collation="C"), "postgresql")


class SearchGram(Model):
    """One gram of one row; written by models.search alone."""

    __tablename__ = "search_gram"
    __table_args__ = (
        one_of("kind", (OF_PROJECT, OF_ORGANIZATION), "search_gram_is_of_a_project_or_an_organization"),
        CheckConstraint("length(gram) > 0", name="search_gram_is_not_empty"),
        {"comment": "Grams of the contains-search", "sqlite_with_rowid": False},
    )

    kind: Mapped[str] = mapped_column(String(1), primary_key=True, comment="p project, o organization; system")
    gram: Mapped[str] = mapped_column(_GRAM, primary_key=True, comment="One to three folded characters; system")
    row_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="Key of the row in the table of its kind; system"
    )
