"""What we cannot go on from. Each docstring reads as its message."""


class BotError(Exception):
    """Something went wrong that the bot knows how to name."""


class StoreUnavailable(BotError):
    """The database could not be read or written; nothing was kept."""


class DocumentUnavailable(BotError):
    """A document cannot be made just now; the same in words can be given instead."""


class SettingsWrong(BotError):
    """One or more settings are wrong or missing; every one is named, no value is shown."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class KnowledgeBroken(BotError):
    """The knowledge base has faults; each is named with file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} fault(s) in the knowledge base; first: {faults[0] if faults else ''}")
        self.faults = faults
