"""The whole corpus of hostile and broken files, made anew for each run: nothing of it lies in the repository."""

from tests.integration.converting.hostile import archives, mails, pdfs, pictures, programs, texts
from tests.integration.converting.hostile.sample import Sample, Traps


def make_read_samples(traps: Traps) -> list[Sample]:
    """Return the files that our own worker reads."""
    makers = (archives, pdfs, pictures, texts, mails)
    return [sample for one in makers for sample in one.make_samples(traps)]


def make_corpus(traps: Traps) -> list[Sample]:
    """Return every file of the corpus; no two have the same name."""
    samples = make_read_samples(traps) + programs.make_office_samples(traps) + programs.make_recording_samples(traps)
    names = [sample.name for sample in samples]
    assert len(set(names)) == len(names), "two samples have the same name"
    return samples
