"""By what code pages are made."""

from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest

from bot.rendering import receipts, wording
from bot.site import pages, recipe
from bot.texts import latex, latex_words


@pytest.mark.parametrize("module", [pages, wording, receipts, latex, latex_words])
def test_pages_are_made_anew_by_a_changed_module(module: ModuleType) -> None:
    sources = [each for package in recipe._PACKAGES for each in recipe._sources(resources.files(package))]

    assert module.__file__ in {str(Path(str(source))) for source in sources}
