"""/digest mine: personal digests."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.failures import reply_to
from bot.rendering.status import direct_message_link, moment, subscription_lines
from bot.runs.requested import Outcome, make_or_finish
from bot.weeks import due_at
from cogs._people import server_of
from cogs._replies import UNDER_WAY, defer, tell

_STOP = {"stop", "unsubscribe"}
_BESIDE_STOP = {
    *("please", "now", "sending", "me", "it", "this", "that", "these", "them", "all", "from", "to"),
    *("the", "my", "your", "weekly", "personal", "digest", "digests", "message", "messages"),
}
_AROUND = " ,.!/*`\"'“”„«»‘’"
"""What people may copy with the word."""
_IS_OFF = "Your weekly personal digest is off. `/digest mine` in a server starts it again."


class Mine(commands.Cog):
    """Part of the group /digest."""

    _client: BroadsheetClient

    async def stop_by_message(self, message: discord.Message, words: str) -> bool:
        """Stop weekly digests by a direct message: Discord offers no command of this group there."""
        said = {word.strip(_AROUND) for word in words.casefold().split()}
        if message.guild is not None or not said & _STOP or not said <= _STOP | _BESIDE_STOP:
            return False
        await self._client.services.personal.stop(message.author.id)
        await reply_to(message, content=_IS_OFF)
        return True

    @app_commands.command()
    @app_commands.describe(every_week="True: send me one every week; False: stop")
    async def mine(self, interaction: discord.Interaction, every_week: bool | None = None) -> None:
        """Get a personal digest by direct message, chosen by your own votes."""
        await defer(interaction, ephemeral=True, thinking=True)
        services, user_id = self._client.services, interaction.user.id
        if every_week is False:
            await services.personal.stop(user_id)
            await interaction.followup.send(_IS_OFF, ephemeral=True)
            return
        subscription = await services.personal.subscribe(
            user_id, server_of(interaction), self._client.messenger, every_week=every_week is True
        )
        request = services.personal.request(subscription)
        async with services.database.begin() as tx:
            servers = await tx.subscriptions.get(server_of(interaction))
            made_for = await tx.digests.categories(user_id, request.week)
        asked = await make_or_finish(
            request, database=services.database, runs=self._client.runs, admission=services.admission
        )
        if link := next((direct_message_link(one) for one in asked.deliveries if one.message_id), None):
            words = f"is here: {link}."
        elif asked.outcome is Outcome.UNDER_WAY:
            words = UNDER_WAY
        else:
            words = "will arrive by direct message in a few minutes."
        lines = [f"Your personal digest of {request.week} {words}"]
        covered = made_for or subscription.categories
        if servers is not None and covered and {*covered} != {*servers.categories}:
            lines.append(
                f"There is one personal digest a week, and this one covers {', '.join(covered)}, not "
                f"{', '.join(servers.categories)} as this server's does."
            )
        if every_week and not subscription.paused:  # it may have been stopped meanwhile
            next_week = await self._client.schedule.next_week(subscription)
            lines[0] += f" The next one arrives on {moment(due_at(next_week, subscription))}."
            lines += subscription_lines(subscription)
        await tell(interaction, *lines)
