"""The page's own words: labels, notices and refusals. Answers and helplines come from the knowledge base."""

from __future__ import annotations

from typing import Final

from bot.domain.messages import Kind, Reply

LEAVE_TO: Final = "https://www.bbc.co.uk/weather"  # a page nobody asks about

YOU: Final = "You"
ABOUT: Final = "A bot, not a person."
SKIP: Final = "Skip to the message box"
LOG: Final = "Conversation"
LABEL: Final = "Write your message"
PLACEHOLDER: Final = "Write here"
SEND: Final = "Send"
HELP_NOW: Final = "Help now"
ASK_PERSON: Final = "Ask a person"
LEAVE: Final = "Leave quickly"
LEAVE_HINT: Final = "In a hurry? Press Esc three times to leave."
CLOSE: Final = "Close"
CHOICES: Final = "Choose one, or type its number"
CHECK: Final = "Check for new messages"

COPY: Final = "Copy"
COPIED: Final = "Copied"
PRINT: Final = "Print"
READ: Final = "Read aloud"
READ_STOP: Final = "Stop reading"

LOOKING: Final = "Looking for your answer"
STILL_HERE: Final = "Still here. This is slower than it should be."
NEW_BELOW: Final = "There is a new message below."
OFFLINE: Final = "You have no internet right now. Help now still works."

NOT_SENT: Final = (
    "I can't get through just now. Your message is safe on this page. I'll try again while the page is open."
)
NOT_SENT_NOW: Final = "Trying again…"
STILL_NOT: Final = "That didn't get through either. Your message is still here."
FAULT: Final = "Something went wrong on our side. It isn't you. Your message is still on this page."
NOT_KEPT: Final = (
    "I couldn't save where we were just now, and nobody has been told anything. "
    "If you need someone, use Help now. You can also send it again."
)
NOT_TAKEN: Final = "That one couldn't be sent as it is. I've put your words back in the box."
TRY_AGAIN: Final = "Try again now"
SEND_AGAIN: Final = "Send it again"
HELP_ANYWAY: Final = "If you can't wait, these work without the internet:"
NOTHING_NEW: Final = "I've already got that one."

WELCOME: Final = Reply("Ask me anything about leaving care, in your own words.")
OVER: Final = Reply("I can't see what we said before, so this is a fresh start.")
LATE_FAILED: Final = Reply("I couldn't check for new messages just now. Try again in a minute.")
NOTHING_LATE: Final = Reply("No new messages.")
HELP: Final = Reply(
    "If you're hurt or in danger, ring **999** now. If you can't talk, press 55 when they ask.\n"
    "**Samaritans:** ring 116 123. Free, any time.\n"
    "**Shout:** text SHOUT to 85258. Free, any time.",
    kind=Kind.DANGER,
)

_LINES = "If you need someone now: ring 999 if you're in danger, or Samaritans on 116 123 (free, any time)."

REFUSED: Final[dict[int, str]] = {
    400: "That couldn't be read. Send it again.",
    401: "This conversation isn't one I know. Send its token as “Authorization: Bearer TOKEN”, or start a new one.",
    404: "There is nothing at this address. The chat is on the front page.",
    405: "This address can't be used that way.",
    413: "That's too long to take in one go. Send it in two or more parts.",
    415: "This has to be sent in another form.",
    422: "Something in that isn't right.",
    500: f"Something went wrong on our side. It isn't you. Try again in a minute. {_LINES}",
    503: f"I can't look that up just now. Try again in a minute. {_LINES}",
}
NO_LEAFLET: Final = "There is no leaflet at this address. In the chat, ask: what can I get?"
GO_BACK: Final = "Your browser's Back button should bring back what you wrote."
START: Final = "Go to the chat"

NOT_JSON: Final = "The body isn't JSON. Send an object like {“text”: “…”}."
WANTS_JSON: Final = "Send JSON, with the header “Content-Type: application/json”."
WANTS_FORM: Final = "Send a form, as “application/x-www-form-urlencoded”."
NOT_AN_OBJECT: Final = "Send one JSON object like {“text”: “…”}."
ONE_OF_TWO: Final = "Send either “text” or “action”, one of the two."
WRONG_FIELD: Final = "“{field}” must be text of {least} to {most} characters, or left out."
NOT_TEXT: Final = "“text” must be text, in quotation marks."
