"""How urgent are these words, and why. Pure: no file, socket, clock, log."""

from bot.triage.assess import Triage, assess, explain
from bot.triage.build import Example, ExamplesFaulty, build_model, read_examples
from bot.triage.level import Level
from bot.triage.load import RulesFaulty, load_rules
from bot.triage.model import Model
from bot.triage.rules import Rules

__all__ = [
    "Example",
    "ExamplesFaulty",
    "Level",
    "Model",
    "Rules",
    "RulesFaulty",
    "Triage",
    "assess",
    "build_model",
    "explain",
    "load_rules",
    "read_examples",
]
