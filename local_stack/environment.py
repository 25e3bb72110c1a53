"""What a child process is told: a few explicit variables, nothing inherited."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
REGION = "eu-central-1"
AWS_KEY = "local"
"""Key id and secret of the S3 and SQS stand-in, which accepts any."""

_INHERITED = ("LD_LIBRARY_PATH", "TMPDIR")


def base_environment(data: Path) -> dict[str, str]:
    """Return what every child gets.

    The developer's own home is left out: it may hold real AWS credentials.

    Args:
        data: The stack's folder, which holds the home.
    """
    home = data / "home"
    home.mkdir(parents=True, exist_ok=True)
    programs = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": programs,
        "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}",
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
    }


def aws_environment(endpoint_url: str) -> dict[str, str]:
    """Return the variables with which boto3 reaches the stand-in, and only it."""
    return {
        "AWS_ACCESS_KEY_ID": AWS_KEY,
        "AWS_SECRET_ACCESS_KEY": AWS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
