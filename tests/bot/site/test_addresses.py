import pytest

from bot.site import addresses


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Lab papers", "lab-papers-"),
        ("Théorie & Praxis", "theorie-praxis-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("論文", ""),
        ("x" * 200, "x" * 40 + "-"),
    ],
)
def test_a_folder_is_named_after_the_title_and_always_fit_for_an_address(title: str, words: str) -> None:
    made = addresses.slug(42, title)

    assert made == f"{words}{addresses.code(42)[:8]}"
    assert addresses.SLUG.fullmatch(made)


def test_a_new_title_keeps_the_part_that_tells_the_server() -> None:
    old, new = (addresses.SLUG.fullmatch(addresses.slug(42, title)) for title in ("Old", "New"))

    assert old
    assert new
    assert old[1] == new[1] != addresses.code(43)[:8]


def test_an_old_id_is_one_file_name() -> None:
    assert addresses.paper_page("hep-th/9901001") == "papers/hep-th-9901001.html"
