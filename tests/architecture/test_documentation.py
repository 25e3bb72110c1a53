"""What the documents say is there, is there."""

import re
from pathlib import Path

import pytest

from local_stack.environment import PROJECT

DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def folders_of_the_tree() -> list[Path]:
    """Return the folders that the tree in docs/architecture.md names."""
    page = (PROJECT / "docs" / "architecture.md").read_text()
    tree = page.split("```")[1]
    named, parents = [], [PROJECT]
    for line in tree.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = line.strip().split("  ")[0]
        del parents[depth + 1 :]
        paths = [parents[depth] / name for name in names.split()]
        named += paths
        parents.append(paths[0])
    return named


def test_the_tree_is_true() -> None:
    named = folders_of_the_tree()
    assert [path for path in named if not path.exists()] == []
    library = PROJECT / "plugins" / "trial_reports"
    packages = {path.parent for path in library.glob("*/__init__.py")}
    assert packages <= set(named)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text())
    local = [link for link in links if "://" not in link]
    missing = [link for link in local if not (document.parent / link).exists()]
    assert missing == []
