"""The bot's process under faults; each test starts and ends real processes."""

import pytest

pytest.register_assert_rewrite("tests.faults.digest_checks")
