"""What programs of others read: office files for LibreOffice, recordings and playlists for ffmpeg."""

import struct

from tests.integration.converting.hostile.archives import make_zip
from tests.integration.converting.hostile.sample import Sample, Traps
from tests.integration.converting.hostile.texts import LAUGHS

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
SOUND = "audio/wav"
_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    b'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    b'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
    b'document.main+xml"/></Types>'
)
_RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def make_docx(body: bytes, *more: tuple[str, bytes], before: bytes = b"") -> bytes:
    """Return a text document with this body, and further parts."""
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    whole = b"%s<w:document %s><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>" % (
        before,
        space,
        body,
    )
    parts = (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", whole))
    return make_zip(*parts, *more)


def make_wav(samples: bytes, *, rate: int = 8_000, channels: int = 1, length: int | None = None) -> bytes:
    """Return a recording of 16 bits that says it is so long."""
    size = len(samples) if length is None else length
    head = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2 & 0xFFFFFFFF, channels * 2 & 0xFFFF, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(samples))
        + b"WAVEfmt \x10\0\0\0"
        + head
        + b"data"
        + struct.pack("<I", size)
        + samples
    )


def make_office_samples(traps: Traps) -> list[Sample]:
    """Return the office files: few, because LibreOffice takes seconds for each."""
    address = traps.address.encode()
    template = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="%s" TargetMode="External"/></Relationships>' % address
    )
    field = b'</w:t></w:r><w:r><w:instrText>INCLUDETEXT "file:///etc/passwd"</w:instrText></w:r><w:r><w:t>'
    return [
        Sample("docx that laughs", DOCX, make_docx(b"&a9;", before=LAUGHS)),
        Sample("docx of a template elsewhere", DOCX, make_docx(b"a", ("word/_rels/document.xml.rels", template))),
        Sample("docx that takes in a file", DOCX, make_docx(field)),
        Sample("docx of thirty million letters", DOCX, make_docx(b"a" * 30_000_000)),
        Sample("docx cut short", DOCX, make_docx(b"a")[:400]),
        Sample("docx of macros", DOCX, make_docx(b"a", ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(600)))),
        Sample("rtf with an object", RTF, b"{\\rtf1 a{\\object\\objautlink\\objupdate{\\*\\objdata 0105}}}"),
        Sample("rtf nested deep", RTF, b"{\\rtf1" + b"{" * 20_000),
    ]


def make_recording_samples(traps: Traps) -> list[Sample]:
    """Return the recordings, and what ffmpeg would take for one."""
    address, path = traps.address.encode(), traps.path.encode()
    list_of_parts = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n%s\n#EXT-X-ENDLIST\n"
    good = make_wav(bytes(16_000))
    box = b"\0\0\0\x18ftypisom\0\0\0\0isommp41"
    return [
        Sample(f"recording: {name}", SOUND, data)
        for name, data in {
            "playlist of a file": list_of_parts % b"file:///etc/passwd",
            "playlist of an address": list_of_parts % address,
            "playlist that joins": list_of_parts % b"concat:file:///etc/passwd|file:///etc/hostname",
            "list of files": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
            "list of files that writes": b"ffconcat version 1.0\nfile '%s'\n" % path,
            "list of pictures": b"<smil><body><audio src='%s'/></body></smil>" % address,
            "stream description": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
            "DASH manifest": b'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>%s</BaseURL></Period></MPD>'
            % address,
            "AVI that holds a playlist": b"RIFF\xff\xff\0\0AVI LIST\x14\0\0\0hdrl" + list_of_parts % address,
            "subtitles": b"1\n00:00:00,000 --> 00:00:01,000\nhello\n",
            "length that lies": make_wav(bytes(100), length=0xFFFFFFF0),
            "no channels": make_wav(bytes(100), channels=0),
            "ten thousand channels": make_wav(bytes(100), channels=10_000),
            "rate of four thousand million": make_wav(bytes(100), rate=0xFFFFFFFF),
            "rate of nought": make_wav(bytes(100), rate=0),
            "no samples": make_wav(b""),
            "cut short": good[:40],
            "nothing but a head": b"RIFF",
            "mp4 with a box in itself": box + b"\0\0\0\x08moov" * 1_000,
            "mp4 with a box that lies": box + b"\xff\xff\xff\xffmoov" + bytes(64),
            "mp4 with data elsewhere": box + b"\0\0\0\x20dref\0\0\0\0\0\0\0\1\0\0\0\x10url \0\0\0\0/etc/passwd",
            "mkv without an end": b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x01" + b"\xff" * 7,
            "ogg of rubbish": b"OggS\0\x02" + bytes(22) + b"\xff" * 500,
            "flac of rubbish": b"fLaC\x80\0\0\x22" + b"\xff" * 500,
            "mp3 with a tag without end": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(500),
            "text": b"hello",
        }.items()
    ]
