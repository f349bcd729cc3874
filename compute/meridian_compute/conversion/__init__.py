"""Parts of the ``convert`` stage: from UVH5 files to one measurement set."""
