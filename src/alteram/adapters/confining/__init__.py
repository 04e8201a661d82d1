"""The one way in which a program is run on a file that somebody lodged: confined, bounded, and ended in time.

`command` is what it may see, `sandbox` runs it to its end, `watching` finds what its processes take together, `groups`
is what the kernel holds them to where it may, `calls` what they may not ask the kernel for, and `interpreter` is what
our own programs need to be run so.
"""
