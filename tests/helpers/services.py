"""What several tests pass to services."""


async def ignore_progress(_written: int, _total: int) -> None:
    """Leave the progress of an import unused."""
