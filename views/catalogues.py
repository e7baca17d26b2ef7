"""A short way to the catalogues: a page has a hundred sentences, and Flask-Babel looks a dozen things up for each."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Domain, get_babel, get_locale
from markupsafe import Markup, escape

from app.domain.terms import N_


class KeptDomain(Domain):
    """Flask-Babel's domain with its catalogues kept by language."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self.kept: dict[str, Any] = {}

    def get_translations(self) -> Translations | NullTranslations:
        locale = getattr(g.get("_flask_babel"), "babel_locale", None) or get_locale()
        if locale is None:
            return super().get_translations()
        if locale.language not in self.kept:
            self.kept[locale.language] = super().get_translations()
        return self.kept[locale.language]


def install(app: Flask) -> None:
    """After FAB has set Flask-Babel up: one domain for all requests, and for the templates the short way to it."""
    with app.app_context():
        domain = KeptDomain(get_babel().default_domain)
    app.before_request(domain.as_default)
    found = domain.get_translations

    def say(text: str, /, **values: Any) -> Markup:
        """What Jinja's own `_` does in a page that escapes, as ours all do, in one call instead of three."""
        words = Markup(found().ugettext(text))  # noqa: S704 - a sentence of ours; the values are escaped
        return words % values if values or "%" in words else words

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: found().ugettext(text),
        ngettext=lambda one, many, count: found().ungettext(one, many, count),
        pgettext=lambda context, text: found().upgettext(context, text),
        npgettext=lambda context, one, many, count: found().unpgettext(context, one, many, count),
        newstyle=True,
    )

    def in_words(text: object) -> Markup:
        """A sentence that may be a message id: translated, unless it carries a percent sign, as a value would."""
        words = str(text)
        return escape(words) if "%" in words or not words else say(words)

    app.jinja_env.globals["options"] = _options(in_words)
    app.jinja_env.globals["_"] = say
    app.jinja_env.globals["in_words"] = in_words
    app.jinja_env.globals["still"] = lambda name: _still(app, name)


def _still(app: Flask, name: str) -> Markup:
    """A part of every page that knows nothing but the language, drawn once for each."""
    drawn: dict[tuple[str, str], Markup] = app.extensions.setdefault("still", {})
    locale = get_locale()
    key = name, locale.language if locale else ""
    if key not in drawn or app.debug:
        drawn[key] = Markup(app.jinja_env.get_template(name).render())  # noqa: S704 - a template of ours
    return drawn[key]


def _options(in_words: Callable[[object], Markup]) -> Callable[[Iterable[Any], str], Markup]:
    """The options of a select for the templates; some hundred sentences on a page of a list, the same for days."""

    @lru_cache(maxsize=512)
    def drawn(choices: tuple[tuple[Any, Any], ...], value: str, language: str) -> Markup:
        whole = choices if any(code == "" for code, _word in choices) else (("", N_("全部")), *choices)
        parts = (
            Markup('<option value="{}"{}>{}</option>').format(
                code, Markup(" selected") if str(code) == value else "", in_words(word)
            )
            for code, word in whole
        )
        return Markup("").join(parts)

    def options(choices: Iterable[Any], value: str) -> Markup:
        locale = get_locale()
        return drawn(tuple(map(tuple, choices)), value, locale.language if locale else "")

    return options
