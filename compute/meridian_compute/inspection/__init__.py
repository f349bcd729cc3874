"""Parts of the ``inspect`` stage: one module per kind of file."""
