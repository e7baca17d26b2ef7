"""What a record's page shows beside its form: values in words, scans, the return sheet, what is next, its history."""

from typing import Any, cast

from flask import g, request
from flask_babel import gettext as _

from app.domain.fields import Table
from app.domain.journey import Place
from app.domain.terms import Kind, Status
from app.security.here import now
from app.services import acts, corrections, history, journey, reference, returns, snapshot
from views.base import db
from views.cells import local_time
from views.forms import is_chinese, word
from views.outlooks import hand_in_words, steps_in_words, time_in_words
from views.words import in_language, translate

OPEN = (Place.UNLOCKED, Place.RETURNED)  # with an end, where an unlock set one


class RecordPage:
    """Mixin of the record views: asked by the templates, read only."""

    kind: Kind
    record_table: Table
    route_base: str

    def value_rows(self, item: Any) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
        """Sections with (label, name, value in words, wide) per field."""
        return [
            (
                title,
                [(_(f.label), f.name, word(f, getattr(item, f.name, None)), f.width == "wide") for f in fields],
            )
            for title, fields in self.record_table.sections()
        ]

    def slots(self, item: Any) -> list[dict[str, Any]]:
        """The record's places for scans, each with its live files and those that were replaced or removed."""
        view: Any = self
        live, former = snapshot.live_attachments(db(), item), snapshot.former_attachments(db(), item)
        slots = reference.slots_of(db(), item)
        editable = view.row_refusal(item, "edit") is None
        open_slots = {slot.slot for slot in slots if editable and corrections.opens(item, slot.slot)}
        return [
            {
                "slot": slot.slot,
                "label": slot.label if is_chinese() else slot.label_en,
                "min_count": slot.min_count,
                "max_count": slot.max_count,
                "problem": g.get("problems", {}).get(slot.slot),
                "upload_url": self._upload_url(item, slot.slot) if slot.slot in open_slots else None,
                "attachments": [self._scan(a, editable=slot.slot in open_slots) for a in live if a.slot == slot.slot],
                "former": [self._former(a) for a in former if a.slot == slot.slot],
            }
            for slot in slots
        ]

    def _upload_url(self, item: Any, slot: str) -> str:
        return f"{self.route_base}/{item.id}/attachments/{slot}"

    def _scan(self, attachment: Any, *, editable: bool) -> dict[str, Any]:
        return {
            "id": attachment.id,
            "original_name": attachment.original_name,
            "page_count": attachment.page_count,
            "size_bytes": attachment.size_bytes,
            "when": local_time(attachment.uploaded_at),
            "remove_url": f"/attachments/{attachment.id}/remove" if editable else None,
        }

    def _former(self, attachment: Any) -> dict[str, Any]:
        days = {"from": local_time(attachment.uploaded_at), "until": local_time(attachment.superseded_at)}
        replaced, removed = _("%(from)s 上传，%(until)s 被替换", **days), _("%(from)s 上传，%(until)s 移除", **days)
        when = replaced if attachment.superseded_by_id else removed
        return {"id": attachment.id, "original_name": attachment.original_name, "when": when}

    def return_sheet(self, item: Any) -> list[dict[str, Any]]:
        """The open return items with their words."""
        reasons = {r.code: in_language(r) for r in reference.return_reasons(db())}
        return [
            {
                "id": row.id,
                "target": row.target,
                "label": self.target_word(item, row.target),
                "reason": reasons.get(row.reason_code, row.reason_code),
                "instruction": row.instruction,
                "answer": request.form.get(f"items-{n}-answer", row.answer or ""),
            }
            for n, row in enumerate(returns.open_items(db(), item))
        ]

    def target_word(self, item: Any, target: str) -> str:
        """The word of an input or of a slot."""
        return self.targets(item).get(target, target)

    def targets(self, item: Any) -> dict[str, str]:
        """Everything of the record that a return may name; read once per request."""
        if "return_targets" not in g:
            g.return_targets = self.targets_anew(item)
        return cast("dict[str, str]", g.return_targets)

    def targets_anew(self, item: Any) -> dict[str, str]:
        """The same, for a page with several records."""
        return self._words(item, with_enterprise=True)

    def own_targets(self, item: Any) -> dict[str, str]:
        """What of the record itself may be opened by an unlock."""
        may_be_opened = acts.may_be_opened(db(), item)
        words = self._words(item, with_enterprise=False)
        return {name: word for name, word in words.items() if name in may_be_opened}

    def _words(self, item: Any, *, with_enterprise: bool) -> dict[str, str]:
        words = {f.name: _(f.label) for f in self.record_table if not f.locked}
        records = [item]
        if with_enterprise and self.kind == Kind.PROJECT and item.organization.enterprise is not None:
            records.append(item.organization.enterprise)
        for record in records:
            for slot in reference.slots_of(db(), record):
                words.setdefault(slot.slot, slot.label if is_chinese() else slot.label_en)
        return words

    def outlook_of(self, item: Any) -> dict[str, Any] | None:
        """The stepper, the one next step and who must take it; nothing once the record is void."""
        if item.status == Status.VOIDED:
            return None
        outlook = journey.outlook(db(), item, now=now())
        return {
            "steps": steps_in_words(outlook.steps),
            "next": _(outlook.next.sentence),
            "hand": hand_in_words(item, outlook),
            "time": time_in_words(outlook.next),
            "until": local_time(item.unlocked_until) if outlook.place in OPEN and item.unlocked_until else "",
        }

    def history_of(self, item: Any) -> list[dict[str, Any]]:
        """The timeline, newest first; read once per request."""
        if "history" not in g:
            g.history = history.entries(db(), item)
        return [
            {"at": local_time(e.at), "text": translate(e.text), "who": e.who, "note": e.note, "key": True}
            for e in g.history
        ]
