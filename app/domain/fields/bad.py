"""How a reader of one value says no, inside this package only."""

from app.domain.errors import Sentence, say


class BadValueError(Exception):
    """The value cannot be taken; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.message)
        self.sentence = sentence


def bad(message: str, **values: object) -> BadValueError:
    """A BadValueError in one call."""
    return BadValueError(say(message, **values))
