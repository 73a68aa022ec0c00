"""Waymark: answers care leavers' questions from a reviewed knowledge base, and hears danger first."""

__version__ = "0.1.0"
