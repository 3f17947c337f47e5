"""How work reaches the documents: isolated worker processes, on this machine or on many."""


class EngineError(Exception):
    """The engine itself cannot work; nothing is wrong with a document. The message says what to do."""
