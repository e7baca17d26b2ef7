"""What the counter's page shows of one project: what was typed, the letters, the scans, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid, Problem, say
from app.domain.fields import PROJECT
from app.domain.terms import N_, TERMS, MandateForm, OriginalResult
from app.security.here import db, now
from app.services import audit, counter_queue, mandate, originals, reference, returns
from app.services.counter import Finding
from models.attachment import Attachment
from models.counter_visit import CounterVisit
from models.mandate import Mandate
from models.originals_check import OriginalsCheck
from models.project import Project
from views.base import current_actor
from views.cells import local_time
from views.editing import blame
from views.forms import RuleForm, is_chinese
from views.interface import as_key
from views.words import translate

LONGEST_TAB, LONGEST_ENGLISH_TAB = 7, 18  # Latin letters are narrower
PREFIX, NOTE = "originals-", "-note"
WORDS = {
    "mandate_id": N_("委托书"),
    "stamps": N_("签章"),
    "mandate": N_("委托书扫描件"),
    "received_by": N_("领取人"),
    "presented_by": N_("到场人"),
    "letter_code": N_("委托书代码"),
}
USUAL = {"mandate_form": MandateForm.OWN_STAFF.value, "agent_id_type": "1"}


@dataclass
class Typed:
    """The desk's inputs as they came, so that none is lost."""

    mandate_id: str = ""
    results: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    stamps: list[str] = field(default_factory=list)
    received_by: str = ""
    presented_by: str = ""
    letter_code: str = ""

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> "Typed":
        """Read a form; what is not ours is left out."""
        typed = cls(
            mandate_id=form.get("mandate_id", ""),
            stamps=form.getlist("stamps"),
            received_by=form.get("received_by", ""),
            presented_by=form.get("presented_by", ""),
            letter_code=form.get("letter_code", "")[:60],
        )
        for name, value in form.items():
            text = name.removeprefix(PREFIX)
            key = as_key(text.removesuffix(NOTE)) if text != name else None
            if key is not None:
                (typed.notes if text.endswith(NOTE) else typed.results)[key] = value
        return typed

    def findings(self) -> dict[int, Finding]:
        """What was seen, by attachment. Raises Invalid for a mark that is none of the three."""
        marked = {key: result for key, result in self.results.items() if result}
        unknown = [key for key, result in marked.items() if result not in set(OriginalResult)]
        if unknown:
            sentence = say(N_("请选择相符、不符或缺原件。"))
            raise Invalid([Problem(f"{PREFIX}{key}", sentence) for key in unknown])
        return {key: Finding(OriginalResult(mark), self.notes.get(key, "")) for key, mark in marked.items()}


@dataclass(frozen=True)
class Row:
    """One scan beside its original."""

    scan: Attachment
    label: str
    known: OriginalsCheck | None
    result: str
    note: str

    @property
    def key(self) -> str:
        """Its input's name."""
        return f"{PREFIX}{self.scan.id}"

    @property
    def is_seen(self) -> bool:
        """A matching original was seen for this very file."""
        return self.known is not None and self.known.result == OriginalResult.MATCH

    @property
    def told(self) -> str:
        """What was found the last time, and when; empty before the first."""
        if self.known is None:
            return ""
        return f"{local_time(self.known.checked_at)} {_(TERMS[OriginalResult(self.known.result)])}"


@dataclass(frozen=True)
class Letter:
    """A letter that may be chosen."""

    row: Mandate
    is_chosen: bool

    @property
    def form(self) -> str:
        """Annex 1 or 2, in words."""
        return _(TERMS[MandateForm(self.row.form)])

    @property
    def masked(self) -> Mapping[str, str]:
        """The agent's number and mobile as they may be shown."""
        values = {"agent_id_number": self.row.agent_id_number, "agent_mobile": self.row.agent_mobile}
        return audit.masked(values) or {}

    @property
    def scan(self) -> Attachment | None:
        """The letter itself."""
        live = [a for a in self.row.attachments if a.superseded_at is None]
        return live[-1] if live else None


@dataclass
class Desk:
    """Everything that the page draws, read when it is asked for."""

    project: Project
    typed: Typed
    form: RuleForm
    errors: dict[str, str]

    @cached_property
    def line(self) -> counter_queue.Line:
        """Where the project stands at the counter."""
        return counter_queue.lines(db(), [self.project])[0]

    @cached_property
    def others(self) -> int:
        """How many further projects of this organization wait for their originals."""
        return counter_queue.others(db(), current_actor(), self.project)

    @cached_property
    def letters(self) -> list[Letter]:
        """The letters that hold today; a single one is chosen already."""
        rows = mandate.valid_for(db(), current_actor(), self.project.organization_id, now=now())
        chosen = as_key(self.typed.mandate_id) or (rows[0].id if len(rows) == 1 else None)
        return [Letter(row, row.id == chosen) for row in rows]

    @cached_property
    def rows(self) -> list[Row]:
        """The scans, the enterprise's first."""
        scans = originals.scans_to_check(db(), self.project)
        known = originals.latest_checks(db(), self.project, scans)
        labels = self._labels()
        return [
            Row(
                scan, labels.get(scan.slot, scan.slot), known.get(scan.id),
                self.typed.results.get(scan.id, ""), self.typed.notes.get(scan.id, ""),
            )
            for scan in scans
        ]  # fmt: skip

    @cached_property
    def pictures(self) -> list[dict[str, Any]]:
        """What the scan window shows: the scans, then the letters."""
        papers = [(row.scan, f"{n} {_shortened(row.label)}") for n, row in enumerate(self.rows, start=1)]
        papers += [(letter.scan, _("委托书")) for letter in self.letters if letter.scan]
        return [
            {"id": a.id, "original_name": a.original_name, "page_count": a.page_count, "label": label}
            for a, label in papers
        ]

    @cached_property
    def visit(self) -> CounterVisit | None:
        """Who came for this project the last time, for the receipt."""
        return originals.last_visit(db(), self.project)

    @cached_property
    def return_items(self) -> list[tuple[str, str]]:
        """What the applicant must mend: target and instruction."""
        labels = self._labels()
        items = returns.open_items(db(), self.project)
        return [(labels.get(item.target, item.target), item.instruction) for item in items]

    @property
    def stamps(self) -> list[dict[str, Any]]:
        """Every stamp that a letter may bear; the last is the agency's alone."""
        own, every = dict(mandate.STAMPS[MandateForm.OWN_STAFF]), dict(mandate.STAMPS[MandateForm.TENDER_AGENCY])
        return [
            {
                "code": code,
                "label": _(own.get(code, word)),
                "is_ticked": code in self.typed.stamps,
                "by_agency": code not in own,
            }
            for code, word in every.items()
        ]

    @property
    def problems(self) -> list[tuple[str | None, str | None, str]]:
        """For the summary on top: input, its label and the sentence."""
        labels = {row.key: row.label for row in self.rows} | {name: _(word) for name, word in WORDS.items()}
        labels |= {part.name: part.label.text for part in self.form}
        found: list[tuple[str | None, str | None, str]] = []
        for name, sentence in self.errors.items():
            label = labels.get(name.removesuffix(NOTE))
            found.append((name if label else None, label, sentence))
        return found

    @property
    def records_letter(self) -> bool:
        """Whether the form for a new letter stands open."""
        on_form = {*self.form._fields, "stamps", "mandate", "letter_code"}
        return not self.letters or bool(on_form & set(self.errors))

    def _labels(self) -> dict[str, str]:
        """Words of inputs and slots, as return items name them."""
        records = [self.project, self.project.organization.enterprise]
        slots = [slot for record in records if record is not None for slot in reference.slots_of(db(), record)]
        words = {rule.name: _(rule.label) for rule in PROJECT}
        return words | {slot.slot: slot.label if is_chinese() else slot.label_en for slot in slots}


def _shortened(label: str) -> str:
    """Short enough for a tab."""
    longest = LONGEST_TAB if is_chinese() else LONGEST_ENGLISH_TAB
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def desk_of(project: Project, typed: Typed, form: RuleForm, trouble: Invalid | None, *, is_new: bool) -> Desk:
    """The desk with each sentence at its input; a fresh one proposes what is usual."""
    form.offer()
    if is_new:
        for name, value in USUAL.items():
            form._fields[name].data = value
    for name in ("agent_id_number", "agent_mobile"):
        form._fields[name].render_kw = {"autocomplete": "off"}
    errors = {problem.field: translate(problem.sentence) for problem in (trouble.problems if trouble else ())}
    if trouble:
        blame(form, trouble)
    return Desk(project, typed, form, errors)
