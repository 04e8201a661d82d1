"""`alteram matter certificate`: write what a matter comes to, for outsiders, with proofs and without content."""

from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_pack
from alteram.adapters.witness import is_near
from alteram.cli.showing import AsJson, reporting, show
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, parse_actor, parse_matter
from alteram.core.certificates import build_certificate_digest
from alteram.operations.certifying import issue_certificate, publish_certificate
from alteram.operations.entries import enter


def write_certificate(
    matter: MatterName,
    file: Annotated[Path, typer.Argument(help="Where to write the certificate.")],
    actor: Actor,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="A further standard to measure by.")] = None,
    to: Annotated[str, typer.Option(help="For whom it is; kept in the register, not in the certificate.")] = "",
    publish: Annotated[bool, typer.Option("--publish", help="Publish it at once, for the organisation.")] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Issue a certificate: what every requirement comes to, signed and with proofs, and nothing of the content.

    Example: alteram matter certificate conduct conduct.certificate --as m02 --pack acas-code --to "The ombudsman"
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        opened.integrator.run()
        packs, now = [load_pack(name) for name in pack or []], opened.organisation.ports.clock()
        entered = enter(opened.organisation, parse_matter(matter), parse_actor(actor))
        # The file is made first: a certificate that cannot be kept is not issued, and no other file is written over.
        with file.open("xb") as target:
            try:
                data = issue_certificate(entered, packs, to=to, is_near=is_near, now=now)
            except BaseException:
                file.unlink()
                raise
            target.write(data)
        digest = build_certificate_digest(data)
        if publish:
            publish_certificate(entered, digest, now=now)
        opened.integrator.run()
    lines = [f"Certificate {digest} in {file}.", f"Check it: alteram verify {file} --policy {home / 'policy'}"]
    if publish:
        lines.append("It is published at the organisation's address: certificates/ and its digest.")
    show({"file": str(file), "digest": digest, "published": publish}, lines, as_json=as_json)
