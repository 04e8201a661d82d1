"""Reading lodged files: programs confined, kinds found, malware asked for, documents, threads and recordings shown.

The modules are imported where they are needed: the worker loads this package for every file it reads.
"""
