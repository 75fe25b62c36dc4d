import pytest

from bot.site import addresses

CODE = "3f2a9c01e5d47b68"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Lab papers", "lab-papers-"),
        ("Théorie & Praxis", "theorie-praxis-"),
        ("Große Bücher aus Łódź", "grosse-bucher-aus-lodz-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("論文", ""),
        ("x" * 200, "x" * 40 + "-"),
    ],
)
def test_a_folder_is_named_after_the_title_and_always_fit_for_an_address(title: str, words: str) -> None:
    made = addresses.slug(CODE, title)

    assert made == f"{words}3f2a9c01"
    assert addresses.SLUG.fullmatch(made)


def test_a_new_title_keeps_the_part_that_tells_the_server() -> None:
    old, new = (addresses.SLUG.fullmatch(addresses.slug(CODE, title)) for title in ("Old", "New"))

    assert old
    assert new
    assert old[1] == new[1] == CODE[:8]


def test_an_old_id_is_one_file_name() -> None:
    assert addresses.paper_page("hep-th/9901001") == "papers/hep-th-9901001.html"
