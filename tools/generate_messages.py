"""Write src/alteram/web/locale/django.pot: every text that can be translated, taken out of the code.

python -m tools.generate_messages

Taken out: what is marked in Python and in templates, and what the catalogues say, which is translated where it is
shown. Templates are compiled by Django, so each text stands here as Django asks for it. A test compares the file.
"""

import ast
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "alteram"
TARGET: Final = SOURCE / "web" / "locale" / "django.pot"
#: What marks a text in Python: where its singular, plural and context stand among the arguments.
_MARKS: Final = {
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "phrase": (0, None, None),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A text that can be translated, and where it stands or what it is."""

    singular: str
    plural: str | None = None
    context: str | None = None
    place: str = ""
    note: str = ""


def find_messages() -> Iterator[Message]:
    """Yield every text that can be translated, in the order of where it stands. Django must be set up."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from _in_python(path)
    for folder in sorted(SOURCE.rglob("templates")):
        for path in sorted(one for one in folder.rglob("*") if one.suffix in {".html", ".txt", ".svg"}):
            yield from _in_template(path)
    yield from _in_catalogues()


def build_pot() -> str:
    """Return the file."""
    catalogue = Catalog(project="Alteram", copyright_holder="the authors of Alteram", charset="utf-8")
    for one in find_messages():
        told = (one.singular, one.plural) if one.plural is not None else one.singular
        places = [(one.place, 0)] if one.place else []
        catalogue.add(told, context=one.context, locations=places, auto_comments=[one.note] if one.note else [])
    target = io.BytesIO()
    write_po(target, catalogue, width=120, omit_header=True, include_lineno=False)
    return f"{_HEADER}\n{target.getvalue().decode().strip()}\n"


_HEADER: Final = """# Every text of Alteram that can be translated. Made by: python -m tools.generate_messages
msgid ""
msgstr ""
"Project-Id-Version: Alteram\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _MARKS:
            continue
        singular, plural, context = (_read_text(node.args, at) for at in _MARKS[name])
        if singular:
            yield Message(singular, plural, context, _show(path))


def _read_text(given: list[ast.expr], at: int | None) -> str | None:
    one = given[at] if at is not None and at < len(given) else None
    return one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None


def _in_template(path: Path) -> Iterator[Message]:
    from django.template import Template  # noqa: PLC0415 - Django must be set up first
    from django.template.base import Lexer, TokenType  # noqa: PLC0415 - as above
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode  # noqa: PLC0415 - as above
    from django.utils.translation.template import constant_re  # noqa: PLC0415 - as above

    text = path.read_text()
    nodes: Any = Template(text).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        literal = node.filter_expression.var.literal
        if isinstance(literal, str):
            yield Message(literal.replace("%", "%%"), context=_tell(node.message_context), place=_show(path))
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        singular, _ = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else None
        if node.trimmed:
            singular, plural = _trim(singular), plural and _trim(plural)
        yield Message(singular, plural, _tell(node.message_context), _show(path))
    for token in Lexer(text).tokenize():
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            yield from (Message(one[1:-1], place=_show(path)) for one in constant_re.findall(token.contents))


def _tell(context: Any) -> str | None:
    return None if context is None else str(context.resolve({}))


def _trim(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _in_catalogues() -> Iterator[Message]:
    from alteram.web.words_of_the_record import find_words  # noqa: PLC0415 - Django must be set up first

    yield from (Message(text, note=note) for text, note in find_words())


def _show(path: Path) -> str:
    """Return the folder alone: a file that is cut in two leaves the messages as they are."""
    return str(path.parent.relative_to(SOURCE))


@contextmanager
def _set_up() -> Iterator[None]:
    """Set Django up with an installation that is nowhere kept."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ALTERAM_HOME": folder, "DJANGO_SETTINGS_MODULE": "alteram.installation.settings"}
        import django  # noqa: PLC0415 - the environment says first where

        django.setup()
        yield


def main() -> int:
    """Write the file."""
    with _set_up():
        TARGET.write_text(build_pot())
    return 0


if __name__ == "__main__":
    sys.exit(main())
