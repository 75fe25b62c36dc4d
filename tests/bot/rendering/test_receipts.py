from bot.rendering.receipts import receipt_lines
from storage.model import Receipt, Shortfall


def test_the_receipt_counts_and_gives_reasons() -> None:
    short = Shortfall(paper_key="2611.90001v1", title="A \\emph{Title}", why="the PDF is a scan without text")
    receipt = Receipt(
        announced=1_212, considered=180, read_in_full=8, abstract_only=(short,), hidden_characters=1
    )

    assert receipt_lines(receipt) == (
        "1,212 announced, 180 considered, 8 read in full, 1 abstract only, 0 failed",
        "Abstract only: A Title (2611.90001v1): the PDF is a scan without text",
        "Hidden text left out: 1 character",
    )
