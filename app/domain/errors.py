"""What can go wrong in words: a refusal is a value with a sentence. It knows neither HTTP nor a catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """A message id (Chinese, `%(name)s` placeholders) and its values; views translate, `str` gives Chinese."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


def say(message: str, **values: object) -> Sentence:
    """A sentence in one call."""
    return Sentence(message, values)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one input (its name in FIELDS, or a scan slot)."""

    field: str
    sentence: Sentence


class Refused(Exception):
    """The rule says no. `code` names the rule for machines, the sentence tells a person what to do."""

    def __init__(self, sentence: Sentence, code: str = "refused") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.code = code


class Conflict(Refused):
    """Somebody else changed the record since this person read it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, "conflict")


class Invalid(Exception):
    """Values break the rule set; each problem names its field."""

    def __init__(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.sentence}" for p in self.problems))


class NotFound(Exception):
    """No such row, or not this person's: the two are answered alike (404)."""

    recorded = False  # in the audit trail, by the service that met it
