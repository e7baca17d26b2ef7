"""Pages where a second person decides what a first one asked for: refusing with a note, and what comes back."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, request

from app.domain.errors import Invalid, Refused
from app.security.here import now
from views.base import current_actor, db
from views.words import translate


class DecidesForTwo:
    """Mixin of views whose rows wait for a second person."""

    def refuse_row(self, pk: str, service: Callable[..., Any], said: str) -> Any:
        """拒绝, with a note; without one the page comes back and says so."""
        view: Any = self
        row_id = view.scoped(pk).id
        try:
            service(db(), current_actor(), row_id, note=request.form.get("note", ""), now=now())
        except Invalid as invalid:
            return self.again(row_id, invalid)
        except Refused as refusal:
            return self.back(row_id, translate(refusal.sentence))
        flash(said, "success")
        return redirect(view.url_of("show", pk=row_id))

    def again(self, row_id: int, invalid: Invalid) -> Any:
        """The page with the sentence at its input."""
        view: Any = self
        db().rollback()
        errors = {problem.field: translate(problem.sentence) for problem in invalid.problems}
        return make_response(view.draw_show(view.scoped(row_id), errors=errors), 422)

    def back(self, row_id: int, sentence: str) -> Any:
        """The page anew, with why nothing happened."""
        view: Any = self
        db().rollback()
        flash(sentence, "danger")
        return redirect(view.url_of("show", pk=row_id))
