"""Static files under names that hold their digest, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Names files by their digest once they were collected (`alteram serve` does); before, by their own name."""

    def stored_name(self, name: str) -> str:
        """Return under which name a file is served."""
        known: dict[str, str] = self.hashed_files
        return known.get(self.hash_key(self.clean_name(name)), name)
