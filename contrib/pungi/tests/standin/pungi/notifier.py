import threading


class PungiNotifier(object):
    def __init__(self):
        self.compose = None
        self.lock = threading.Lock()
        self.sent = []

    def send(self, event, workdir=None, **data):
        with self.lock:
            self.sent.append((event, data))
