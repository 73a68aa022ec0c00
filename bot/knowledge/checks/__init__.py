"""What must hold across a knowledge base, a kind of fault a file. `bot.knowledge.check` calls them."""
