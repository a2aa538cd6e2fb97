"""Lets a builder put rows straight into a later state, as the owner of the tables importing history may."""

from contextlib import asynccontextmanager

from foundation.database import APP_ROLE, execute, transaction, value


@asynccontextmanager
async def importing():
    """Inside, history may be inserted in any state; outside, the service's own role works again. May be nested."""
    async with transaction():
        if await value("SELECT importing()"):
            yield
            return
        await execute("RESET ROLE")
        await execute("SELECT set_config('role', 'none', false)")
        await execute("SELECT set_config('subgrants.importing', 'on', true)")
        yield  # after an error the savepoint takes role and setting back by itself
        await execute("SELECT set_config('subgrants.importing', '', true)")
        await execute(f"SET ROLE {APP_ROLE}")
