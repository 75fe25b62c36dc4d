"""The engine's own connections to PostgreSQL."""

from dbos._dbos import _get_dbos_instance, _get_or_create_dbos_registry

from bot.engine import Engine
from bot.workflows import Workflows
from storage.database import Database
from storage.silence import PatientConnection
from tests.bot.digest.press import Press
from tests.databases import NOW


async def test_its_connections_do_not_wait_for_a_silent_server_for_ever(fresh_postgres_url: str) -> None:
    database = await Database.open(fresh_postgres_url, clock_now=lambda: NOW)
    press = Press(database)
    workflows = Workflows(digests=press.digests(), clock=press.clock)

    async with Engine(database_url=fresh_postgres_url, process_name="main", workflows=workflows):
        raw = _get_dbos_instance()._sys_db.engine.raw_connection()
        connection = raw.driver_connection
        asked_for = connection.info.get_parameters() if isinstance(connection, PatientConnection) else {}
        raw.close()

    assert asked_for.get("tcp_user_timeout") == "30000"
    await database.close()
    _get_or_create_dbos_registry().instance_info_map.clear()  # as `Works` does
