"""A site's own paths, as ``paths_module`` names them: the tree and the task ids lie elsewhere."""

import os

from pungi import paths


class LogPaths(paths.LogPaths):
    def koji_tasks_dir(self, create_dir=True):
        return paths._made(os.path.join(self.compose.topdir, "hub-tasks"), create_dir)


class ComposePaths(paths.ComposePaths):
    def topdir(self, arch=None, variant=None, create_dir=True, relative=False):
        path = "" if relative else os.path.join(self.compose.topdir, "tree")
        if variant:
            path = os.path.join(path, arch, variant.uid)
        return paths._made(path, create_dir and not relative)

    def image_dir(self, variant, symlink_to=None, relative=False):
        return os.path.join(self.topdir("%(arch)s", variant, create_dir=False, relative=relative), "pictures")
