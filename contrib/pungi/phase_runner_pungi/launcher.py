"""``phase-runner-pungi-koji``: the site's own pungi-koji with the phase in place. No file of Pungi is changed."""

import os
import re
import shlex
import shutil
import sys

NAME = "pungi-koji"


class NoPungi(Exception):
    """Why the site's Pungi cannot be started."""


def main():
    """Becomes the site's pungi-koji: the same process, so that signals and exit status are its own."""
    try:
        script = find_script(os.environ)
        interpreter = interpreter_of(script)
    except NoPungi as error:
        sys.exit("phase-runner-pungi-koji: %s" % error)
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside.py")
    sys.stdout.flush()
    os.execv(interpreter[0], interpreter + [inside, script] + sys.argv[1:])


def find_script(environment):
    """The site's script: what ``PHASE_RUNNER_PUNGI_KOJI`` names, else the first pungi-koji in ``PATH`` that is not this
    program (which may be installed under that name)."""
    named = environment.get("PHASE_RUNNER_PUNGI_KOJI")
    if named:
        if not os.path.isfile(named):
            raise NoPungi("PHASE_RUNNER_PUNGI_KOJI names %s, which is no file" % named)
        return os.path.abspath(named)
    own = os.path.realpath(sys.argv[0])
    for directory in environment.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(directory or ".", NAME)
        if not (os.path.isfile(path) and os.access(path, os.X_OK)) or os.path.realpath(path) == own:
            continue
        with open(path, "rb") as stream:
            # The same launcher under another name.
            if b"phase_runner_pungi" in stream.read(1 << 16):
                continue
        return os.path.abspath(path)
    raise NoPungi("there is no %s in PATH; install Pungi, or name it in PHASE_RUNNER_PUNGI_KOJI" % NAME)


def interpreter_of(script):
    """The interpreter of a script's first line with its flags, as a list."""
    try:
        with open(script, "rb") as stream:
            lines = stream.read(1 << 16).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise NoPungi("%s cannot be read: %s" % (script, error))
    first = lines[0] if lines else ""
    if not first.startswith("#!"):
        raise NoPungi("%s does not begin with a line that names its interpreter" % script)
    # The kernel gives everything after the program as one argument.
    words = first[2:].strip().split(None, 1)
    # pip's way around the length limit of the first line: a shell that starts the interpreter.
    hidden = re.match("'''exec' (\"[^\"]+\"|\\S+)((?: -\\S+)*) ", lines[1]) if len(lines) > 1 else None
    if words and os.path.basename(words[0]) == "sh" and hidden:
        words = [hidden.group(1).strip('"')] + hidden.group(2).split()
    elif words and os.path.basename(words[0]) == "env":
        words = [word for word in shlex.split(words[1] if len(words) > 1 else "") if word not in ("-S", "--split-string")]
        words = [shutil.which(words[0]) or words[0]] + words[1:] if words else []
    if not words or not os.path.basename(words[0]).startswith(("python", "pypy")):
        raise NoPungi("%s is not run by Python, but by: %s" % (script, first))
    if not os.path.isfile(words[0]):
        raise NoPungi("%s is run by %s, which is not there" % (script, words[0]))
    return words


if __name__ == "__main__":
    main()
