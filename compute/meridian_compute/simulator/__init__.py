"""Parts of the ``simulate`` stage: plan, sky, instrument, visibilities, files, truth."""
