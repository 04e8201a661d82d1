"""What stands before the pages in each process that serves: it takes requests in whole, then gives them to a thread.

A thread is taken only for work. Whoever sends or reads slowly keeps a connection, and nobody else waiting.
"""
