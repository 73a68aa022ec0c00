"""The use cases, a file each. They ask of the outside world through `bot.ports`."""
