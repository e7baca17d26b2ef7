"""Code tables (数据字典), required scans and return reasons: data that the root bureau edits."""

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.terms import Kind, UnitKind
from models.base import HasId, Model, one_of, table
from models.sorting import sort_column


class DictionaryEntry(HasId, Model):
    """One code of one code table, named after the field that takes it."""

    __tablename__ = "dictionary_entry"
    __table_args__ = table(
        UniqueConstraint("kind", "code", name="dictionary_code_is_unique_within_its_kind"),
        one_of("edition", ("2014", "2018"), "dictionary_edition_is_known"),
        comment="数据字典: codes by field",
    )

    kind: Mapped[str] = mapped_column(String(40), comment="The field that takes the code; DOMAIN §2.2")
    code: Mapped[str] = mapped_column(String(20), comment="代码; DOMAIN §2.2")
    label_zh: Mapped[str] = mapped_column(String(100), comment="中文名称; DOMAIN §2.2")
    label_zh_order: Mapped[str] = sort_column("label_zh")
    label_en: Mapped[str] = mapped_column(String(150), comment="English label; reference")
    parent_code: Mapped[str | None] = mapped_column(
        String(20), comment="What it narrows: a use code's category; DOMAIN §2.2"
    )
    is_active: Mapped[bool] = mapped_column(default=True, comment="Offered for new values; administrator")
    sort: Mapped[int] = mapped_column(default=0, comment="Order in lists, ascending; reference")
    edition: Mapped[str] = mapped_column(
        String(20), default="2014", comment="Edition of the standard that brought it; DOMAIN §2.2"
    )

    def __repr__(self) -> str:
        return f"{self.code} {self.label_zh}"


class RequiredDocument(HasId, Model):
    """Which scans a record needs, by the kind of unit."""

    __tablename__ = "required_document"
    __table_args__ = table(
        UniqueConstraint("record_kind", "unit_kind", "slot", name="required_document_stands_once_per_unit_kind"),
        # NULL never equals NULL, so the rule for all unit kinds needs its own index.
        Index(
            "required_document_for_all_kinds_stands_once",
            "record_kind",
            "slot",
            unique=True,
            sqlite_where=text("unit_kind IS NULL"),
            postgresql_where=text("unit_kind IS NULL"),
        ),
        one_of("record_kind", (Kind.ENTERPRISE, Kind.PROJECT), "required_document_is_of_a_record_with_scans"),
        one_of("unit_kind", UnitKind, "required_document_unit_kind_is_known"),
        CheckConstraint("min_count >= 0 AND max_count >= min_count", name="required_document_counts_are_a_range"),
        comment="附件要求: scan slots and how many files each takes",
    )

    record_kind: Mapped[str] = mapped_column(String(20), comment="enterprise or project; FIELDS")
    unit_kind: Mapped[str | None] = mapped_column(String(20), comment="单位性质, empty for all; FIELDS")
    slot: Mapped[str] = mapped_column(String(40), comment="Name of the scan slot; FIELDS")
    label_zh: Mapped[str] = mapped_column(String(100), comment="中文名称; FIELDS")
    label_zh_order: Mapped[str] = sort_column("label_zh")
    label_en: Mapped[str] = mapped_column(String(150), comment="English label; reference")
    min_count: Mapped[int] = mapped_column(comment="Fewest files, count; FIELDS")
    max_count: Mapped[int] = mapped_column(comment="Most files, count; FIELDS")
    waived_with_uscc: Mapped[bool] = mapped_column(
        default=False, comment="Not needed by a unit with a 统一社会信用代码; FIELDS"
    )
    sort: Mapped[int] = mapped_column(default=0, comment="Order on the page, ascending; administrator")


class ReturnReason(HasId, Model):
    """A ready reason for a return item (退回原因)."""

    __tablename__ = "return_reason"
    __table_args__ = table(comment="退回原因库")

    code: Mapped[str] = mapped_column(String(40), unique=True, comment="Tag of the reason; reference")
    label_zh: Mapped[str] = mapped_column(String(100), comment="中文; reference, administrator")
    label_zh_order: Mapped[str] = sort_column("label_zh")
    label_en: Mapped[str] = mapped_column(String(150), comment="English; reference, administrator")
    sort: Mapped[int] = mapped_column(default=0, comment="Order in lists, ascending; administrator")
    is_active: Mapped[bool] = mapped_column(default=True, comment="Offered to reviewers; administrator")

    def __repr__(self) -> str:
        return self.label_zh
