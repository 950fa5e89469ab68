"""Pungi's ``imagebuilder`` phase, done by phase-runner.

Nothing of Pungi is imported here: the launcher and the handoff can be looked at without it.
"""

VERSION = "0.1.0"
