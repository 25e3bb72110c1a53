"""Small, real PDF files: one page of text in a built-in font."""

_A4_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >> >>"
)
_HELVETICA = (
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
)
_FIRST_LINE = 760
_LEADING = 20


def letter(lines: tuple[str, ...]) -> bytes:
    """Return a PDF 1.4 of one A4 page.

    Written by hand so that the same lines always are the same bytes: libraries
    put the time of writing and random ids into the file.

    Args:
        lines: Latin-1 text, the first one as the heading.
    """
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _A4_PAGE,
        _stream(_page(lines)),
        _HELVETICA,
    )
    # The comment of four high bytes marks the file as binary (ISO 32000, 7.5.2).
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    file += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(file)


def _page(lines: tuple[str, ...]) -> bytes:
    shown = b" T*\n".join(b"(%b) Tj" % _escaped(line) for line in lines)
    start = b"BT /F1 13 Tf %d TL 72 %d Td\n" % (_LEADING, _FIRST_LINE)
    return start + shown + b"\nET"


def _escaped(line: str) -> bytes:
    plain = line.encode("cp1252", errors="replace")
    for special in (b"\\", b"(", b")"):
        plain = plain.replace(special, b"\\" + special)
    return plain


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)
