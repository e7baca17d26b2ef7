"""Adding, editing and deleting through a service: what was typed is never lost, a refusal leaves nothing behind."""

from collections.abc import Callable, Container
from typing import Any

from flask import flash, g, make_response, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.domain.errors import Conflict, Invalid, Refused, say
from app.domain.terms import N_
from app.security.here import db
from app.services import audit
from views import once, three_way
from views.forms import RuleForm
from views.interface import as_key
from views.query import check_arguments
from views.words import translate

CHANGED = N_("没有保存：这条记录在您填写时已被别人修改。您填写的内容还在，请对照后再保存。")
DUPLICATE = N_("没有保存：与已有记录重复，或仍有别的记录引用它。")
NOTHING_CHANGED = N_("内容没有变化，无需保存。")
NOT_SAVED = 422
NOT_A_VALUE = frozenset({"csrf_token", "version", "base", "submit"})


class WritesRows:
    """Mixin: FAB's add, edit and delete. Subclasses write through `create_row`, `update_row` and `delete_row`."""

    checks_version_itself = False  # the service looks at the version, after it has asked whether the row is open

    # The services; each commits, or raises Invalid, Refused, Conflict or NotFound ----------------

    def create_row(self, values: dict[str, Any]) -> Any:
        """Add a row and give it."""
        raise NotImplementedError

    def update_row(self, row: Any, values: dict[str, Any], version: int) -> Any:
        """Change a row that the person saw at this version, and give it."""
        raise NotImplementedError

    def delete_row(self, row: Any) -> None:
        """Take a row away."""
        raise NotImplementedError

    def version_of(self, row: Any) -> int:
        """Which state of the row a form drawn now shows."""
        return int(row.version)

    def closed_inputs(self, row: Any) -> Container[str]:
        """Names of the inputs that the form of this row shows as text."""
        return ()

    # Forms --------------------------------------------------------------------------------------------

    def values_of(self, form: Any) -> dict[str, Any]:
        """What the form says, by input name."""
        return {name: value for name, value in form.data.items() if name not in NOT_A_VALUE}

    def draw_add(self, form: Any) -> Any:
        """The form of a new row."""
        view: Any = self
        widgets = view._get_add_widget(form=form)
        return view.render_template(view.add_template, title=view.add_title, widgets=widgets, form=form, view=view)

    def draw_edit(self, form: Any, row: Any, other: Any = None) -> Any:
        """The form of a row; `other` is the row as somebody else has just saved it."""
        view: Any = self
        widgets = view._get_edit_widget(form=form, item=row)
        widgets = view._get_related_views_widgets(row, widgets=widgets)
        return view.render_template(
            view.edit_template,
            title=view.edit_title,
            widgets=widgets,
            related_views=view._open_related_views(),
            form=form,
            item=row,
            other=other,
            view=view,
        )

    def after_add(self, row: Any) -> Any:
        view: Any = self
        flash(_("已保存。"), "success")
        return view.to_row(row)

    def after_edit(self, row: Any) -> Any:
        view: Any = self
        tell_saved(_("已保存。"))
        return view.to_row(row)

    def after_delete(self) -> Any:
        view: Any = self
        flash(_("已删除。"), "success")
        return view.to_list()

    # Routes -------------------------------------------------------------------------------------------

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @once.makes_a_row
    def add(self) -> Any:
        view: Any = self
        check_arguments()
        form = view.add_form.refresh()
        if request.method == "POST" and form.validate():
            row = attempt(form, lambda: view.create_row(view.values_of(form)))
            if row is not None:
                answer = view.after_add(row)
                once.made(getattr(answer, "location", None) or view.url_of("list"))
                return answer
        if request.method == "POST":
            return make_response(view.draw_add(form), NOT_SAVED)
        view.update_redirect()
        return view.draw_add(form)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        view: Any = self
        check_arguments()
        row = view.scoped(pk)
        if request.method == "POST":
            return self._save(row)
        refusal = view.row_refusal(row, "edit")
        if refusal:
            flash(translate(refusal), "warning")
            return view.to_row(row)
        view.update_redirect()
        return view.draw_edit(view.edit_form.refresh(obj=row), row)

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Any:
        view: Any = self
        row = view.scoped(pk)
        try:
            view.delete_row(row)
        except (Refused, Invalid, IntegrityError, StaleDataError) as trouble:
            db().rollback()
            flash(_words_for(trouble), "danger")
            return view.to_row(row)
        return view.after_delete()

    def _save(self, row: Any) -> Any:
        view: Any = self
        key, form = row.id, view.edit_form.refresh()
        form._id = key
        if not form.validate():
            return make_response(view.draw_edit(form, row), NOT_SAVED)
        try:
            saved = attempt(form, lambda: self._update(row, form))
        except Conflict as conflict:
            return self._show_both(form, key, conflict)
        if saved is None:
            return make_response(view.draw_edit(form, view.scoped(key)), NOT_SAVED)
        return view.after_edit(saved)

    def _update(self, row: Any, form: Any) -> Any:
        view: Any = self
        version = as_key(form.version.data)
        if hasattr(row, "version") and version != row.version and not view.checks_version_itself:
            raise Conflict(say(CHANGED))
        return view.update_row(row, view.values_of(form), version or 0)

    def _show_both(self, form: Any, key: int, conflict: Conflict) -> Any:
        """409 with what was typed beside what was saved; saving again keeps what either of the two changed."""
        view: Any = self
        fresh = view.scoped(key)
        form.version.data = str(view.version_of(fresh))
        if isinstance(form, RuleForm):
            g.both = three_way.merge(form, view.edit_form.refresh(obj=fresh), view.closed_inputs(fresh))
        flash(translate(conflict.sentence), "danger")
        return make_response(view.draw_edit(form, fresh, other=fresh), 409)


def tell_saved(words: str) -> None:
    """One line after a save: what came of it, or that there was nothing to save."""
    if audit.changed_anything(db()):
        flash(words, "success")
    else:
        flash(_(NOTHING_CHANGED), "info")


def attempt(form: Any, service: Callable[[], Any]) -> Any:
    """Call the service. On a refusal roll back, put the sentences where they belong and give None; Conflict goes on."""
    try:
        return service()
    except StaleDataError:
        db().rollback()
        raise Conflict(say(CHANGED)) from None
    except Conflict:
        db().rollback()
        raise
    except (Invalid, Refused, IntegrityError) as trouble:
        db().rollback()
        mark(form, trouble)
        return None


def mark(form: Any, trouble: Exception) -> None:
    """Field problems to their fields, the rest to the top of the form; a refusal of the whole is a message."""
    if not isinstance(trouble, Invalid):
        flash(_words_for(trouble), "danger")
        return
    g.problems = {problem.field: translate(problem.sentence) for problem in trouble.problems}  # for inputs beside it
    blame(form, trouble)


def blame(form: Any, invalid: Invalid) -> None:
    """Each problem's sentence at its input; what has no input on this form at its top."""
    g.told = [translate(problem.sentence) for problem in invalid.problems]  # for who is asked on the telephone
    for problem in invalid.problems:
        place = form._fields.get(problem.field)
        if place is None:
            form.form_errors.append(translate(problem.sentence))
        else:
            place.errors = [*place.errors, translate(problem.sentence)]


def _words_for(trouble: Exception) -> str:
    if isinstance(trouble, Refused):
        return translate(trouble.sentence)
    if isinstance(trouble, Invalid):
        return " ".join(translate(problem.sentence) for problem in trouble.problems)
    return _(CHANGED) if isinstance(trouble, StaleDataError) else _(DUPLICATE)
