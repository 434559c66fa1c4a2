"""
Why a file is not read.

BadData (of the SDK)
├── NotARecording     sound, but no activity: settings, a course, a workout, a picture
└── LimitReached      beyond what the settings allow
"""

from training_analyzer.sdk import BadData


class NotARecording(BadData):
    """The file is sound, and holds something else than an activity."""


class LimitReached(BadData):
    """The file holds more than the settings allow."""
