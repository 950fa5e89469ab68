"""Stand-ins of the Pungi classes that a phase meets, written from what was measured of the real ones: the entry point with
its signal handler, weaver, phase base classes, compose, paths, notifier, ``failable``. kobo and productmd are the real ones."""
