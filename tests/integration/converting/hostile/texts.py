"""Texts: scripts in SVG and HTML, entities, formulas, encodings, and what hides or turns."""

from tests.integration.converting.hostile.sample import Sample, Traps

SVG, HTML, CSV, PLAIN, XML = "image/svg+xml", "text/html", "text/csv", "text/plain", "text/xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (at, b"&a%d;" % (at - 1) * 10) for at in range(1, 10))
    + b"]>"
).replace(b"&a0;", b"&a;")


def make_samples(traps: Traps) -> list[Sample]:
    """Return the texts."""
    address, path = traps.address.encode(), traps.path.encode()
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "%s"><!ENTITY c SYSTEM "file:///etc/passwd">]>' % address
    space = b'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    samples = {
        ("svg with a script", SVG): b"<svg %s><script>alert(1)</script><text>seen</text></svg>" % space,
        ("svg that acts on loading", SVG): b'<svg %s onload="alert(1)"><text>seen</text></svg>' % space,
        ("svg with outside entities", SVG): b"%s<svg %s><text>&b;&c;</text></svg>" % (outside, space),
        ("svg that laughs", SVG): LAUGHS + b"<svg %s><text>&a9;</text></svg>" % space,
        ("svg with a picture from elsewhere", SVG): b'<svg %s><image xlink:href="%s"/></svg>' % (space, address),
        ("svg with HTML inside", SVG): b"<svg %s><foreignObject><iframe src='%s'/></foreignObject></svg>"
        % (space, address),
        ("svg that uses itself", SVG): b'<svg %s><g id="a"><use xlink:href="#a"/></g></svg>' % space,
        ("svg nested deep", SVG): b"<svg>" * 20_000,
        ("html with a script", HTML): b"<html><script>fetch('%s')</script><p>seen</p></html>" % address,
        ("html that sends itself on", HTML): b'<meta http-equiv="refresh" content="0;url=%s"><p>seen' % address,
        ("html with a form", HTML): b'<form action="%s"><input autofocus onfocus="submit()"></form>' % address,
        ("html with frames", HTML): b'<iframe src="file:///etc/passwd"></iframe><object data="%s"></object>' % address,
        ("html of one long tag", HTML): b"<a " + b'b="c" ' * 200_000,
        ("html of open brackets", HTML): b"<" * 200_000,
        ("html of comments without end", HTML): b"<!--" * 100_000,
        ("html of declarations", HTML): b"<![" * 50_000,
        ("html with null bytes", HTML): b"<scr\0ipt>alert(1)</scr\0ipt>",
        ("html in seven bits", HTML): b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        ("html with links that are scripts", HTML): b"<a href=' javascript:alert(1)'>seen</a>",
        ("xml that laughs", XML): LAUGHS + b"<a>&a9;</a>",
        ("xml with outside entities", XML): outside + b"<a>&b;&c;</a>",
        ("xml nested deep", XML): b"<a>" * 50_000,
        ("csv with a formula", CSV): b'name,sum\n=HYPERLINK("%s"),1\n' % address,
        ("csv that starts a program", CSV): b"=cmd|' /C touch %s'!A0,1\n" % path,
        ("csv with a plus", CSV): b"+1+cmd|'/C calc'!A0\n",
        ("csv with an at", CSV): b"@SUM(1+1)*cmd|' /C calc'!A0\n",
        ("csv with a minus", CSV): b"-2+3+cmd|' /C calc'!A0\n",
        ("csv of one long line", CSV): b"a," * 1_000_000,
        ("csv of quotes", CSV): b'"' * 500_001,
        ("csv with null bytes", CSV): b"a\0,b\0\n" * 100,
        ("text that turns", PLAIN): "paid \u202eton\u202c him".encode(),
        ("text that hides", PLAIN): "a\u2066b\u2069\ufeffc".encode(),
        ("text of marks on marks", PLAIN): ("a" + "\u0300" * 100_000).encode(),
        ("text that drives a terminal", PLAIN): b"\x1b[2J\x1b]0;own\x07\x1bP own \x1b\\",
        ("text of broken UTF-8", PLAIN): b"\xff\xfe\xfd\x80\xc0\xaf" * 50,
        ("text of surrogates", PLAIN): b"\xed\xa0\x80\xed\xb0\x80",
        ("text of half UTF-16", PLAIN): b"\xff\xfea\0b",
        ("text of UTF-32", PLAIN): "abc".encode("utf-32"),
        ("text of null bytes", PLAIN): bytes(100_000),
        ("text of nothing", PLAIN): b"",
        ("text of one byte", PLAIN): b"\x00",
        ("text of random bytes", PLAIN): bytes((at * at + at // 7) % 251 for at in range(50_000)),
        ("text of ten million letters", PLAIN): b"a" * 10_000_000,
        ("text that is a program", PLAIN): b"#!/bin/sh\ntouch %s\n" % path,
        ("program", "application/octet-stream"): b"\x7fELF\x02\x01\x01" + bytes(200),
        ("program of another system", "application/octet-stream"): b"MZ" + bytes(200) + b"PE\0\0",
        ("nothing", "application/octet-stream"): b"",
        ("pdf of nothing", "application/pdf"): b"",
        ("picture of nothing", "image/png"): b"",
        ("json of a chat nested deep", "application/json"): b"[" * 200_000,
        ("json of a chat without an end", "application/json"): b'{"messages":[' + b'{"from":"a"},' * 1000,
        (
            "json of a chat with other things",
            "application/json",
        ): b'{"messages":[1,null,[],{"from":{"a":1},"text":[[]]}]}',
        ("json of a chat with a huge number", "application/json"): b'{"messages":[{"from":"a","date_unixtime":"%s"}]}'
        % (b"9" * 5_000),
        (
            "json of a chat with a lone surrogate",
            "application/json",
        ): b'[{"sender":"\\ud800","body":"\\udfff","timestamp":1}]',
        ("chat with dates that are none", PLAIN): b"99/99/9999, 99:99 - Member: hello\n" * 10,
        ("chat with a name that turns", PLAIN): "12/03/2024, 14:05 - Chair\u202e: hello\n".encode(),
        ("chat with attached paths", PLAIN): b"[12/03/2024, 14:05:33] Member: <attached: ../../own>\n",
        ("chat of colons", PLAIN): b"12/03/2024, 14:05 - " + b": " * 100_000,
    }
    return [Sample(name, media, data) for (name, media), data in samples.items()]
