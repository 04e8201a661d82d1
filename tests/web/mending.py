"""Have it worked out what would mend a matter, as its page and the process for long work do."""

from django.test import Client

from alteram.installation.background import LongWork, do_work


def work_out(person: Client, address: str) -> str:
    """Ask at the page of this address, let the work be done that it asks for, and return the page."""
    asked = person.post(address)
    assert (asked.status_code, asked["Location"]) == (302, address), asked
    waiting = LongWork.objects.filter(kind="cures", ended_at=None)
    for one in waiting:
        do_work.func(one.pk)
    return person.get(address).content.decode()
