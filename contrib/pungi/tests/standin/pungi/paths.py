import os


def _made(path, create_dir):
    if create_dir:
        os.makedirs(path, exist_ok=True)
    return path


class LogPaths(object):
    def __init__(self, compose):
        self.compose = compose

    def topdir(self, arch=None, create_dir=True):
        return _made(os.path.join(self.compose.topdir, "logs", arch or "global"), create_dir)

    def log_file(self, arch, log_name, create_dir=True, ext=None):
        name = log_name[:-4] if log_name.endswith(".log") else log_name
        arch = arch or "global"
        return os.path.join(self.topdir(arch, create_dir), "%s.%s.%s" % (name, arch, ext or "log"))

    def koji_tasks_dir(self, create_dir=True):
        return _made(os.path.join(self.topdir(create_dir=create_dir), "koji-tasks"), create_dir)


class WorkPaths(object):
    def __init__(self, compose):
        self.compose = compose

    def topdir(self, arch=None, create_dir=True):
        return _made(os.path.join(self.compose.topdir, "work", arch or "global"), create_dir)


class ComposePaths(object):
    def __init__(self, compose):
        self.compose = compose

    def topdir(self, arch=None, variant=None, create_dir=True, relative=False):
        if bool(arch) != bool(variant):
            raise TypeError("either both or none of arch and variant")
        path = "" if relative else os.path.join(self.compose.topdir, "compose")
        if variant:
            uid = variant.parent.uid if variant.type == "addon" else variant.uid
            path = os.path.join(path, uid, arch)
        return _made(path, create_dir and not relative)

    def image_dir(self, variant, symlink_to=None, relative=False):
        return os.path.join(
            self.topdir("%(arch)s", variant, create_dir=False, relative=relative), "images"
        )

    def iso_dir(self, arch, variant, symlink_to=None, create_dir=True, relative=False):
        if variant.type == "addon":
            return None
        if variant.type == "optional" and not self.compose.conf.get("create_optional_isos"):
            return None
        arch = "source" if arch == "src" else arch
        path = os.path.join(self.topdir(arch, variant, create_dir=create_dir, relative=relative), "iso")
        return _made(path, create_dir and not relative)

    def repository(self, arch, variant, create_dir=True, relative=False):
        path = os.path.join(self.topdir(arch, variant, create_dir=create_dir, relative=relative), "os")
        if variant.type == "addon":
            path = os.path.join(path, "addons", variant.id)
        return _made(path, create_dir and not relative)

    def metadata(self, file_name=None, create_dir=True, relative=False):
        path = os.path.join(self.topdir(create_dir=create_dir, relative=relative), "metadata")
        _made(path, create_dir and not relative)
        return os.path.join(path, file_name) if file_name else path


class Paths(object):
    def __init__(self, compose):
        module = compose.conf.get("paths_module")
        own = __import__(module) if module else None
        self.log = getattr(own, "LogPaths", LogPaths)(compose)
        self.work = getattr(own, "WorkPaths", WorkPaths)(compose)
        self.compose = getattr(own, "ComposePaths", ComposePaths)(compose)
