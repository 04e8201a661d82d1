"""The pages: each room below is one part of them, with its views and its templates.

A view parses a form, calls one operation, and renders. What somebody may is asked in `operations`, nowhere else.
"""
