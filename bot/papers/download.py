"""PDFs from arXiv: fetched one at a time, checked, and never kept here."""

from http import HTTPStatus

from bot.errors import ArxivError, PdfError
from bot.papers.connection import Answer, ArxivConnection
from storage.model import Paper

MAX_PDF_BYTES = 50_000_000
_HEADER = b"%PDF"
_HEADER_WITHIN_BYTES = 1024
"""Readers accept the header anywhere within these (PDF Reference 1.7, appendix H, note 13)."""


class PdfDownload:
    """Implements PdfSource with arXiv's `/pdf/`."""

    def __init__(self, connection: ArxivConnection, *, pdf_url: str, timeout_seconds: float = 120.0) -> None:
        self._connection = connection
        self._pdf_url = pdf_url.rstrip("/")
        self._timeout_seconds = timeout_seconds

    async def fetch(self, paper: Paper) -> bytes:
        """The bytes of the PDF of this version, at most 50 MB.

        Raises:
            PdfError: no PDF there, too large, not a PDF, or no answer.
        """
        try:
            answer = await self._connection.get(
                f"{self._pdf_url}/{paper.key}",
                max_bytes=MAX_PDF_BYTES,
                timeout_seconds=self._timeout_seconds,
                check=_check,
            )
        except ArxivError as error:
            raise PdfError(
                f"The PDF of {paper.key} did not arrive. {error}",
                retryable=error.retryable,
                passes=error.passes,
            ) from error
        return answer.body


def _check(answer: Answer) -> None:
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise ArxivError("arXiv has none; perhaps the paper was withdrawn.", retryable=False)
    if answer.status != HTTPStatus.OK:
        raise ArxivError(f"arXiv answered with HTTP {answer.status}.", retryable=False, passes=True)
    # Whatever else comes with a 200 is temporary: "Rate exceeded.", or a page that asks for patience.
    start = answer.body[:_HEADER_WITHIN_BYTES]
    if _HEADER in start:
        return
    if answer.content_type == "text/html" or b"<html" in start.lower():
        raise ArxivError("arXiv sent a web page instead.")
    raise ArxivError("arXiv sent something else instead.")
