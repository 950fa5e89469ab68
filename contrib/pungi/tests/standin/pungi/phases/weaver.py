from kobo.threads import ThreadPool, WorkerThread


class WeaverPhase(object):
    name = "weaver"

    def __init__(self, compose, phases_schema):
        self.compose = compose
        self.msg = "---------- PHASE: WEAVER ----------"
        self.finished = False
        self.pool = ThreadPool(logger=compose._logger)
        self.phases = phases_schema

    def start(self):
        if self.finished:
            raise RuntimeError("Phase 'weaver' has already finished and can not be started twice")
        for pipeline in self.phases:
            self.pool.add(PipelineThread(self.pool))
            self.pool.queue_put(pipeline if isinstance(pipeline, (list, tuple)) else [pipeline])
        self.pool.start()

    def stop(self):
        if not self.finished:
            self.pool.stop()
            self.finished = True


class PipelineThread(WorkerThread):
    def process(self, item, num):
        for phase in item:
            phase.start()
            phase.stop()
