from bot.texts.folding import spelled_out


def test_endless_blanks_after_an_accent_are_gone_through_once() -> None:
    """Parted in every way before a brace that does not come, they would take minutes."""
    blanks = " " * 100_000

    assert spelled_out(rf"Erd\'{blanks}1") == f"Erd'{blanks}1"
    assert spelled_out(rf"Erd\'{blanks}{{{blanks}o}}s") == "Erdós"
