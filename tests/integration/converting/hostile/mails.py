"""E-mail, mbox and captured pages: headers without end, deep nesting, names, encodings, digests that do not fit."""

import gzip

from tests.integration.converting.hostile.archives import NAMES
from tests.integration.converting.hostile.sample import Sample, Traps

EML, MBOX, WARC, MHTML = "message/rfc822", "application/mbox", "application/warc", "multipart/related"
HEAD = b"From: member@example.org\nDate: Mon, 1 Jan 2024 10:00:00 +0000\nSubject: seen\n"


def make_mail(headers: bytes, body: bytes = b"hello\n") -> bytes:
    """Return an e-mail."""
    return HEAD + headers + b"\n" + body


def nest(depth: int) -> bytes:
    """Return an e-mail with parts in parts, so deep."""
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth))
    return HEAD + opened + b"Content-Type: text/plain\n\ndeep\n"


def make_record(kind: bytes, uri: bytes, body: bytes, *more: bytes, length: int | None = None) -> bytes:
    """Return one WARC record of a page."""
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    heads = [b"WARC-Type: " + kind, b"WARC-Target-URI: " + uri, b"WARC-Date: 2024-01-01T10:00:00Z", *more]
    heads += [b"WARC-Record-ID: <urn:uuid:0>", b"Content-Type: application/http; msgtype=response"]
    heads.append(b"Content-Length: %d" % (len(page) if length is None else length))
    return b"WARC/1.0\r\n" + b"\r\n".join(heads) + b"\r\n\r\n" + page + b"\r\n\r\n"


def make_samples(traps: Traps) -> list[Sample]:
    """Return the e-mails and captures."""
    address = traps.address.encode()
    page = b"<html><p>seen</p><script>fetch('%s')</script></html>" % address
    good = make_record(b"response", b"https://example.org/", page)
    outside = b'Content-Type: message/external-body; access-type=local-file; name="/etc/passwd"\n'
    samples = {
        ("mail of a million headers", EML): b"From: a\n" + b"X-A: b\n" * 1_000_000 + b"\nhello",
        ("mbox of a message of many headers", MBOX): b"From a\n" + b"Received: b\n" * 200_000 + b"\nhello",
        ("mail of one long header", EML): b"Subject: " + b"a" * 5_000_000 + b"\n\nhello",
        ("mail nested deep", EML): nest(3_000),
        ("mail of mails nested deep", EML): HEAD + b"Content-Type: message/rfc822\n\n" * 2_000,
        ("mail whose border is missing", EML): make_mail(b"Content-Type: multipart/mixed\n"),
        ("mail whose border is endless", EML): make_mail(
            b"Content-Type: multipart/mixed; boundary=" + b"a" * 90_000 + b"\n"
        ),
        ("mail whose border is its text", EML): make_mail(
            b"Content-Type: multipart/mixed; boundary=a\n", b"--a\n" * 50_000
        ),
        ("mail of ten thousand parts", EML): make_mail(
            b"Content-Type: multipart/mixed; boundary=a\n", b"--a\nContent-Type: text/plain\n\nb\n" * 10_000
        ),
        ("mail of an unknown encoding", EML): make_mail(b"Content-Type: text/plain; charset=own\n"),
        ("mail of an encoding that runs code", EML): make_mail(
            b"Content-Type: text/plain; charset=idna\n", b"a" * 2000
        ),
        ("mail packed by its encoding", EML): make_mail(
            b"Content-Type: text/plain; charset=zlib_codec\n", b"x\x9c\x03\0"
        ),
        ("mail of broken base64", EML): make_mail(b"Content-Transfer-Encoding: base64\n", b"====a===" * 500),
        ("mail of broken quoted text", EML): make_mail(b"Content-Transfer-Encoding: quoted-printable\n", b"=ZZ=" * 500),
        (
            "mail with words that lie",
            EML,
        ): b"From: =?utf-8?b?////?=\nSubject: =?own?q?a?= =?utf-8?q?=E2=80=AEa?=\n\nhello",
        ("mail with a thousand encoded words", EML): b"From: a\nSubject: " + b"=?utf-8?q?a?= " * 2_000 + b"\n\nhello",
        ("mail with null bytes", EML): b"From: a\0b\nSubject: c\0\n\nd\0e",
        ("mail with a date that is none", EML): b"From: a\nDate: Sat, 99 Own 99999999999 99:99:99 +9999\n\nhello",
        ("mail with brackets in its sender", EML): b"From: " + b"(" * 3_000 + b"\nDate: a\n\nhello",
        ("mail with groups in its sender", EML): b"From: " + b"a:" * 3_000 + b"\n\nhello",
        ("mail with references without end", EML): make_mail(b"References: " + b"<a@b> " * 9_000 + b"\n"),
        ("mail that answers itself", EML): make_mail(b"Message-ID: <a@b>\nIn-Reply-To: <a@b>\n"),
        ("mail in HTML that loads", EML): make_mail(
            b"Content-Type: text/html\n", b"<img src='%s'><p>seen</p>" % address
        ),
        ("mail whose body is elsewhere", EML): make_mail(outside),
        ("mail of headers only", EML): HEAD,
        ("mail of no headers", EML): b"\n\nhello",
        ("mbox of nothing but its mark", MBOX): b"From \n" * 30_000,
        ("mbox of one message without end", MBOX): b"From a\n" + HEAD + b"\n" + b"a\n" * 1_000_000,
        ("mbox of empty messages", MBOX): b"From a\n\n\n" * 25_000,
        ("warc whose length lies", WARC): make_record(b"response", b"https://example.org/", page, length=1 << 40),
        ("warc of a length below nought", WARC): make_record(b"response", b"https://example.org/", page, length=-5),
        ("warc with a path for an address", WARC): make_record(b"response", b"file:///../../etc/passwd", page),
        ("warc with a digest that does not fit", WARC): make_record(
            b"response", b"https://example.org/", page, b"WARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ),
        ("warc with a digest that is none", WARC): make_record(
            b"response", b"https://example.org/", page, b"WARC-Block-Digest: own"
        ),
        ("warc of heads without end", WARC): b"WARC/1.0\r\n" + b"A: b\r\n" * 200_000,
        ("warc of one long head", WARC): b"WARC/1.0\r\nA: " + b"b" * 3_000_000,
        ("warc that is a bomb", WARC): gzip.compress(
            make_record(b"response", b"https://example.org/", bytes(30_000_000))
        ),
        ("warc of an unknown kind", WARC): make_record(b"own", b"https://example.org/", page),
        ("warc cut short", WARC): good[: len(good) // 2],
        ("warc followed by rubbish", WARC): good + b"rubbish\r\n" * 100,
        ("warc packed and cut short", WARC): gzip.compress(good)[:-20],
        ("warc with a head that is no HTTP", WARC): good.replace(b"HTTP/1.1 200 OK", b"own"),
        ("warc whose chunks lie", WARC): good.replace(
            b"Content-Type: text/html", b"Transfer-Encoding: chunked\r\nContent-Type: text/html"
        ),
        ("warc packed inside and broken", WARC): good.replace(
            b"Content-Type: text/html", b"Content-Encoding: gzip\r\nContent-Type: text/html"
        ),
        ("mhtml nested deep", MHTML): nest(2_000),
        ("mhtml without a page", MHTML): make_mail(b"Content-Type: multipart/related; boundary=a\n", b"--a--\n"),
        ("mhtml with a script", MHTML): make_mail(
            b"Content-Type: multipart/related; boundary=a\n", b"--a\nContent-Type: text/html\n\n" + page + b"\n--a--\n"
        ),
        ("page that lies on where it is from", "text/html"): b"<!-- saved from url=(9999)javascript:alert(1) -->"
        + page,
    }
    named = [
        Sample(
            f"mail with a file named: {what}",
            EML,
            make_mail(
                b'Content-Type: application/pdf; name="own"\nContent-Disposition: attachment; filename="%s"\n'
                % name[:5_000].replace("\n", "\n ").replace("\r", "").encode()
            ),
        )
        for what, name in NAMES.items()
    ]
    return [Sample(name, media, data) for (name, media), data in samples.items()] + named
