"""Which media type an answer gets: proactive negotiation (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence
from urllib.request import parse_http_list

_WEIGHT = re.compile(r"0(\.\d*)?|1(\.0*)?")


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Return what a client likes best of what there is.

    Between equal weights the order of the header decides, as GraphQL over HTTP
    wants it, and then ours. Parameters other than the weight are not looked at.

    Args:
        accept: The header ``Accept``; whoever sends none takes anything.
        offered: Media types, ours to choose first.

    Returns:
        One of them, or ``None`` if the client takes none.
    """
    wishes = _wishes(accept.strip(" ,") or "*/*")

    def rank(offer: str) -> tuple[float, int]:
        family = offer.partition("/")[0]
        for place in (offer, f"{family}/*", "*/*"):  # the most specific one counts
            if place in wishes:
                return wishes[place], -list(wishes).index(place)
        return 0.0, 0

    best = max(offered, key=rank)
    return best if rank(best)[0] else None


def _wishes(accept: str) -> dict[str, float]:
    wishes: dict[str, float] = {}
    for element in parse_http_list(accept):
        name, *parameters = (part.strip().lower() for part in element.split(";"))
        weight = next((it[2:] for it in parameters if it.startswith("q=")), "1")
        wishes[name] = float(weight) if _WEIGHT.fullmatch(weight) else 0.0
    return wishes
