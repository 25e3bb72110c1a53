"""The random keys of a data folder: made once, the same at every start."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from local_stack.mailbox.event_signing import new_signing_key


@dataclass(frozen=True)
class Secrets:
    """Keys that mean nothing outside this folder's stack."""

    airflow_password: str
    development_key: str
    fernet_key: str
    jwt_secret: str
    mail_key: str
    webhook_key: str
    """Private: the mail provider's, with which it signs its events."""

    @classmethod
    def of(cls, data: Path) -> Self:
        """Return the keys in ``data``, which are made at the first start."""
        path = data / "secrets.json"
        if path.exists():
            return cls(**json.loads(path.read_text()))
        made = cls(
            airflow_password=secrets.token_urlsafe(12),
            development_key=secrets.token_urlsafe(48),
            fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            jwt_secret=secrets.token_urlsafe(64),
            mail_key=f"SG.{secrets.token_urlsafe(16)}.{secrets.token_urlsafe(32)}",
            webhook_key=new_signing_key(),
        )
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(made), indent=2))
        return made
