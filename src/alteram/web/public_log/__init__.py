"""The public log, for anybody: a page about it, and its files for any program that follows logs."""
