"""Alteram: hear the other side.

Takes a complaint or a charge against a member of an organisation from the first disclosure to the last appeal,
rules on every act before it counts, and keeps a record that anyone can check.
"""

__version__ = "0.1.0"
