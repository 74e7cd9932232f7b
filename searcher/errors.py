"""What can go wrong, and what does the user do next?

::

    SearcherError
    ├── QueryError          the query cannot be read; points at the place
    ├── ReadError           one file cannot be read; the others are
    │   ├── UnsupportedFormatError
    │   └── DecodingError
    ├── SearchIndexError    (never raised itself)
    │   ├── IndexNotFoundError
    │   ├── IndexStaleError     built by another analyzer or format
    │   ├── IndexDamagedError
    │   ├── IndexLockedError    another process is writing
    │   ├── IndexFolderError    the folder cannot hold an index
    │   └── ArticleNotFoundError
    ├── SynonymsError       a table of synonyms that cannot be read
    └── EngineError         an engine that is unknown or not installed

Every message says what is wrong; ``hint`` says what to do next, or is empty.
"""

from __future__ import annotations


class SearcherError(Exception):
    """The base of everything this package raises on purpose."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are rebuilt from their positional arguments, and these have none that name the rest.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[SearcherError], arguments: tuple[object, ...], state: dict[str, object]) -> SearcherError:
    """Bring an error over from another process."""
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error


class QueryError(SearcherError):
    """A query that cannot be read: ``query[position:position + length]`` is the place, in code points."""

    def __init__(self, message: str, *, query: str, position: int, length: int = 1, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.query = query
        self.position = position
        self.length = length


class ReadError(SearcherError):
    """A file that cannot be read; the run goes on without it."""


class UnsupportedFormatError(ReadError):
    """A file of a format that no reader knows."""


class DecodingError(ReadError):
    """A file whose bytes are text in no encoding that could be found."""


class SearchIndexError(SearcherError):
    """The base of what can be wrong with an index."""


class IndexNotFoundError(SearchIndexError):
    """There is no index at this place."""


class IndexStaleError(SearchIndexError):
    """The index was built by another version of the format, the analyzer or its dictionary."""


class IndexDamagedError(SearchIndexError):
    """Files of the index are missing or do not fit together."""


class IndexLockedError(SearchIndexError):
    """Another process is writing to the index."""


class IndexFolderError(SearchIndexError):
    """The folder cannot hold an index: it holds other files, or cannot be written."""


class ArticleNotFoundError(SearchIndexError):
    """No article has this id, or more than one id begins so."""


class EngineError(SearcherError):
    """An engine that is unknown or not installed."""


class SynonymsError(SearcherError):
    """A table of synonyms that cannot be read; the message names the file and the line."""
