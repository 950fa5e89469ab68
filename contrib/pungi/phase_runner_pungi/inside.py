"""Run by the interpreter of the site's pungi-koji: ``inside.py SCRIPT [arguments of pungi-koji]``."""

import importlib.util
import os
import runpy
import sys

PACKAGE = "phase_runner_pungi"


def load_package():
    """Makes our package importable without its neighbours: they may be for another Python."""
    directory = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(directory, "__init__.py"), submodule_search_locations=[directory]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


def put_in_place():
    """Replaces the phase in the package ``pungi.phases``, where the entry point asks for it. The submodule of the same
    name stays as it is: the original class finds itself there."""
    try:
        import pungi.phases
    except ImportError as error:
        sys.exit("phase-runner-pungi-koji: %s cannot import Pungi: %s" % (sys.executable, error))
    if not hasattr(pungi.phases, "ImageBuilderPhase"):
        sys.exit(
            "phase-runner-pungi-koji: this Pungi (%s) has no phase imagebuilder: it came with Pungi 4.10. Without it, run"
            " phase-runner after Pungi: phase-runner run --compose-dir DIR" % os.path.dirname(pungi.phases.__file__)
        )
    from phase_runner_pungi.phase import ImageBuilderPhase

    pungi.phases.ImageBuilderPhase = ImageBuilderPhase


def main():
    script = sys.argv[1]
    # What a script finds when it is started by its first line, but for Python's flags.
    if sys.path and os.path.realpath(sys.path[0] or ".") == os.path.dirname(os.path.realpath(__file__)):
        sys.path[0] = os.path.dirname(os.path.realpath(script))
    load_package()
    put_in_place()
    sys.argv = [script] + sys.argv[2:]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
