import os

from .base import PhaseBase  # noqa
from .weaver import WeaverPhase  # noqa

if not os.environ.get("STANDIN_WITHOUT_PHASE"):
    from .imagebuilder import ImageBuilderPhase  # noqa

PHASES_NAMES = [
    value.name
    for value in [globals()[name] for name in dir()]
    if isinstance(value, type) and issubclass(value, PhaseBase) and hasattr(value, "name")
]
