import pytest

from tools.generate_docs import TARGET, build_pages

PAGES = build_pages()


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_what_the_code_says(name: str) -> None:
    assert (TARGET / name).read_text() == PAGES[name], f"docs/generated/{name} is old: run make docs"


def test_every_act_and_every_kind_of_requirement_is_in_the_catalogues() -> None:
    assert PAGES["acts.md"].count("\n| `") > 150
    assert PAGES["requirements.md"].count("\n## ") > 40
