"""How Sphinx builds the documentation. Built with warnings as errors: `make docs`."""

from sphinx.application import Sphinx

project = "Alteram"
author = "The Alteram project"
copyright = "The Alteram project; Apache-2.0"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist", "fieldlist", "colon_fence"]
#: Headings down to this level can be linked to, as `page.md#heading`.
myst_heading_anchors = 4
html_theme = "furo"
html_title = "Alteram"
html_show_sourcelink = False
html_copy_source = False
#: No fonts, scripts or images from other hosts: the pages are read offline too.
html_static_path: list[str] = []


def drop_empty_sections(app: Sphinx, name: str, source: list[str]) -> None:
    """Drop the patterns that match no page yet; a page outside every section is still an error."""
    if name == "index":
        lines = source[0].split("\n")
        source[0] = "\n".join(line for line in lines if not line.endswith("/*") or any(app.srcdir.glob(f"{line}.md")))


def setup(app: Sphinx) -> None:
    """Sphinx calls this once."""
    app.connect("source-read", drop_empty_sections)
