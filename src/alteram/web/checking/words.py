"""What the script on the page says, in the reader's language. `{name}` stands for what the script puts there."""

from django.utils.translation import gettext as _


def build_words() -> dict[str, str]:
    """Return every text of the script by its key."""
    parts = (
        _build_progress,
        _build_verdicts,
        _build_facts,
        _build_table,
        _build_certificate,
        _build_excerpt,
        _build_reasons,
    )
    return {key: text for part in parts for key, text in part().items()}


def _build_progress() -> dict[str, str]:
    return {
        "choose": _("Choose a file first."),
        "reading": _("Reading {file} …"),
        "progress": _("Checking {file}: {done} of {all} entries …"),
        "too_large": _("{file} is too large for a browser. Use alteram verify."),
        "unreadable": _("{file} could not be read. Choose it again."),
        "nothing_here": _("There is no export, receipt, certificate or excerpt among these files."),
        "bad_policy": _("The policy you gave is not one. Nothing was checked."),
        "fault": _("The check of {file} broke off: the fault is this page's. Use alteram verify, and tell us."),
    }


def _build_verdicts() -> dict[str, str]:
    return {
        "pass": _("Verified"),
        "part": _("Verified in part"),
        "fail": _("Not verified"),
        "said_pass": _("{file}: verified. Nothing in it was changed."),
        "said_own": _(
            "{file}: verified, with the policy inside the file. Whom that names is the sender's own word: give a policy"
            " of your own to rely on it."
        ),
        "said_part": _("{file}: verified in part. Nothing wrong was found, and something could not be checked here."),
        "said_fail": _("{file}: not verified. Something in it is broken; it is named below."),
        "unchecked": _("What was not checked"),
        "unchecked_log": _(
            "The log signed with ML-DSA-44 only, which browsers do not check. Use alteram verify for that."
        ),
        "unchecked_quorum": _(
            "The witnesses that the policy asks for are complete only with signatures by ML-DSA-44, which browsers do"
            " not check. Times that rest on them are not shown. Use alteram verify for that."
        ),
        "unchecked_older": _(
            "An older checkpoint is signed by the log with ML-DSA-44 only: the times that rest on it are not shown."
        ),
        "unchecked_policy": _("No signature: you have not said whom you trust. Give a policy and check again."),
        "unchecked_leaf": _(
            "Whether it is the receipt of your entry: choose the entry too, or give the hash of its leaf, and check"
            " again."
        ),
        "unchecked_record_key": _(
            "The record key's signature on the entry: its key is not in a receipt. An export has it."
        ),
    }


def _build_facts() -> dict[str, str]:
    return {
        "organisation": _("Organisation"),
        "matter": _("Matter"),
        "log": _("Log"),
        "size": _("Entries and other leaves in the log"),
        "trust": _("Whom the check trusts"),
        "trust_file": _("The policy inside the file: that is the sender's own word. Give your own to rely on it."),
        "trust_yours": _("The policy you gave."),
        "trust_nobody": _("Nobody yet: a receipt names no policy of its own."),
        "witnessed": _("Witnessed"),
        "witnessed_no": _("By nobody: only the log itself vouches for its time."),
        "witnessed_yes": _("By {names}"),
        "rules": _("Rules not in the file"),
        "follows": _("The log {log} follows {old} of {size} entries and carries {carried} of them on."),
        "index": _("Place in the log"),
        "placed": _("The entry stands in the log at this place."),
        "not_placed": _("Not checked"),
        "shown": _("Shown of the entry"),
        "broken": _("What is broken"),
        "member": _("Where"),
        "whole_file": _("the file as a whole"),
        "reason": _("What it means"),
        "detail": _("In detail"),
    }


def _build_table() -> dict[str, str]:
    return {
        "signers": _("Signatures on the checkpoint"),
        "name": _("Name"),
        "part_of": _("As"),
        "as_log": _("the log"),
        "as_witness": _("a witness"),
        "as_unknown": _("not known"),
        "kind": _("Kind"),
        "time": _("Time"),
        "no_time": _("none given"),
        "state": _("State"),
        "good": _("good"),
        "not_in_browser": _("not checked in the browser"),
        "not_checked": _("not checked"),
        "stream": _("Entries of {name}"),
        "stream_counts": _("{count} entries. {complete} {closed}"),
        "complete": _("None is missing from the beginning on."),
        "incomplete": _("It is not shown that none is missing: entries or their links are withheld."),
        "closed": _("The matter is closed: nothing follows."),
        "open": _("Later entries may exist."),
        "more": _("{count} further entries were checked as well and are not listed."),
        "entry": _("Entry"),
        "act": _("Act"),
        "own_time": _("Its own time"),
        "recorded": _("Recorded"),
        "not_before": _("not before {time} ({who})"),
        "not_after": _("not after {time} ({who})"),
        "log_alone": _("the log alone"),
        "unbounded": _("nothing shows when"),
        "outside": _("Its own time lies outside."),
        "disclosed": _("Disclosed"),
        "counts": _("{disclosed} of {digests} digests; {withheld} withheld, the rest padding"),
        "decoys": _("{disclosed} of {digests} digests; the rest withheld or padding"),
        "author": _("Author's signature"),
        "author_verified": _("good"),
        "author_passkey": _("good, by a passkey"),
        "author_withheld": _("withheld"),
        "author_unchecked": _("not checked: another scheme"),
        "is_withheld": _("withheld"),
        "content": _("What is disclosed of entry {number}"),
        "claim": _("Claim"),
        "value": _("Value"),
    }


def _build_certificate() -> dict[str, str]:
    return {
        "not_known": _("What is not known"),
        "alleged": _("Alleged, not registered: entry {seq} says that a meeting took place."),
        "asserted": _("{number} reported events are neither agreed nor found."),
        "destroyed": _("Of {number} entries, something that the rules read was destroyed."),
        "none_alleged": _("No entry alleges a meeting that nobody registered."),
        "requirements": _("Requirement by requirement, as the organisation signed it"),
        "named_results": _("What a standard makes of several together"),
        "requirement": _("What is required"),
        "result": _("Result"),
        "source": _("Source"),
        "rests_on": _("Rests on entries"),
        "by_person": _("Signed as only the person could"),
        "uncontradicted": _("Not contradicted"),
        "elsewhere": _("linked matters as well"),
        "own_rules": _("the rules themselves"),
        "none": _("none"),
        "not_assessed": _(
            "The matter was not assessed again here: whether the results are right is the organisation's word. alteram"
            " verify does that with the matter's export."
        ),
        "as_of": _("As of"),
        "record_key": _("Record key"),
        "not_older": _("Not older than"),
        "in_log_by": _("Its entries were in the log by"),
        "person_signed": _("Signatures"),
        "person_signed_of": _("{signed} of {entries} entries carry a signature that only the person could make."),
        "departures": _("Departures, with their entries"),
        "witnesses": _("Witnesses"),
        "witness_independent": _("{name}: independent, says the organisation"),
        "witness_near": _("{name}: not independent"),
        "witness_unknown": _("{name}: not known to the policy, or not checked here"),
        "digest": _("Digest"),
        "limits": _(
            "It proves when texts were recorded, never that minds were not made up earlier elsewhere. It is no legal"
            " advice."
        ),
    }


def _build_excerpt() -> dict[str, str]:
    return {
        "excerpt_shows": _(
            "This part stands in the exhibit as it was lodged, unchanged and without a gap. Nothing else of the exhibit"
            " is in this file."
        ),
        "excerpt_limits": _(
            "It does not say what came before or after, nor whether what is shown is true. Whoever may open the exhibit"
            " can answer with an excerpt of what adjoins: choose both files."
        ),
        "exhibit": _("Exhibit"),
        "form": _("What was cut"),
        "form_bytes": _("the file as it was lodged, every 64 KiB a piece"),
        "form_flac": _("a sound recording (FLAC), every 64 KiB a piece"),
        "form_matroska": _("a recording with pictures (Matroska), every 64 KiB a piece"),
        "form_messages": _("a thread, every message a piece"),
        "form_pages": _("a document, every page a piece"),
        "pieces": _("Which part"),
        "piece": _("piece {first}"),
        "piece_of": _("piece {first} of {of}"),
        "pieces_from": _("pieces {first} to {last}"),
        "pieces_from_of": _("pieces {first} to {last} of {of}"),
        "offset": _("Where"),
        "offset_of": _("byte {from} up to byte {until}"),
        "beginning": _("Beside it"),
        "beginning_of": _("piece 1, without which no part of it can be played"),
        "content_digest": _("SHA-256 of the part"),
        "root": _("Root of the exhibit's pieces"),
        "messages_shown": _("The messages that are shown"),
        "number": _("Number"),
        "sender": _("From"),
        "text": _("Words"),
        "no_message": _("not a message that can be read"),
        "save_page": _("Save page {number} (PNG)"),
        "more_pieces": _("{count} further pieces were checked as well and are not listed."),
        "content_bytes": _("The bytes themselves are not shown here."),
        "content_recording": _("To hear or see it: alteram exhibit verify-excerpt FILE --play PART"),
        "adjoins_before": _("{answer} lies directly before {file}, without a gap."),
        "adjoins_after": _("{answer} lies directly after {file}, without a gap."),
        "adjoins_overlap": _("{answer} lies over a part of {file}: both show {pieces}."),
        "adjoins_gap": _("{answer} lies apart from {file}: neither shows {pieces}, between them."),
        "said_other": _("{answer} is not of the same exhibit as {file}."),
    }


def _build_reasons() -> dict[str, str]:
    """Return what a failure means, by the first word of its code (docs/spec/record.md)."""
    reasons = {
        "archive": _("The file is damaged, incomplete, or no export at all."),
        "author": _("The author's signature on this entry is wrong: what is shown is not what its author signed."),
        "base64url": _("Something in the file is not spelt as it must be."),
        "certificate": _("The certificate says what does not fit together, or was not signed as it stands."),
        "checkpoint": _("The signed head of the log is malformed, or belongs to another log or size."),
        "disclosure": _("A field that is shown is malformed."),
        "entry": _("An entry is not what the record allows, or its record key was never published."),
        "excerpt": _("The file is no excerpt, was damaged, or shows other pieces than it may."),
        "form": _("The table of contents of the file is malformed."),
        "jwt": _("The entry was changed, or was never signed by the organisation."),
        "leaf": _("A public statement of the log is malformed."),
        "manifest": _("Entries were removed from the file or added to it, or it is of another format."),
        "note": _("A signature on the head of the log is wrong, or there is none that counts."),
        "policy": _("The policy is malformed, or what it asks for was not signed."),
        "presentation": _("A field that is shown is not the field that was recorded."),
        "proof": _("This is not in the log that was signed, or not at this place."),
        "receipt": _("The receipt belongs to something else."),
        "rulebook": _("The rules in the file are not those that their name says."),
        "statement": _("A public statement of the log contradicts the rest of the file."),
        "stream": _("An entry is missing, out of order, or of another matter."),
    }
    return {f"reason_{family}": text for family, text in reasons.items()}
