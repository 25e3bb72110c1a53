"""What a person, or a search, finds in a PDF."""

import io
import subprocess

import pikepdf


def text_of(pdf: bytes) -> str:
    """Return the text as poppler reads it, all white space folded."""
    read = subprocess.run(
        ["pdftotext", "-", "-"],  # noqa: S607 - found on the path, as make installs it
        input=pdf,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return " ".join(read.stdout.decode().split())


def everything_in(pdf: bytes) -> bytes:
    """Return the text and every stream and string, decompressed, to search in."""
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            plain,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return text_of(pdf).encode() + plain.getvalue()
