"""An invented study for the demo and the tests: the same seed, the same people.

``generate`` invents it, ``load`` puts it into database and storage, and
``python -m local_stack.sample_study`` prints it.
"""

from local_stack.sample_study.awkwardness import Awkwardness
from local_stack.sample_study.canaries import Canaries
from local_stack.sample_study.generator import generate
from local_stack.sample_study.loader import end_memberships, load, upload
from local_stack.sample_study.sample import Person, SampleFile, SampleStudy
from local_stack.sample_study.subscribing import Wish, subscribe_everybody

__all__ = [
    "Awkwardness",
    "Canaries",
    "Person",
    "SampleFile",
    "SampleStudy",
    "Wish",
    "end_memberships",
    "generate",
    "load",
    "subscribe_everybody",
    "upload",
]
