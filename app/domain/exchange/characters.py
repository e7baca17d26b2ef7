"""Characters that another system's encoding cannot carry: rare ones in names, when it takes GBK alone."""


def characters_lost(text: str, encoding: str) -> str:
    """Those of the text that the encoding has no place for, each once, in order; empty when all fit."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(dict.fromkeys(char for char in text if not _fits(char, encoding)))
    return ""


def _fits(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
