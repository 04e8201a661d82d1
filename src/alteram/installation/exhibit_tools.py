"""The programs that look at exhibits and make bundles of them, once for a process: they hold nothing of any matter."""

from functools import cache

from django.conf import settings

from alteram.bootstrap.evidence import DisclosureTools, build_disclosure_tools, build_evidence_tools
from alteram.operations.evidence_ports import EvidenceTools


@cache
def find_evidence_tools() -> EvidenceTools:
    """Return what looks at files that are lodged."""
    return build_evidence_tools()


@cache
def find_disclosure_tools() -> DisclosureTools:
    """Return what builds bundles, marks copies of them and traces those."""
    return build_disclosure_tools(fonts=settings.PLACES.fonts)
