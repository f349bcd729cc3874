"""The stages: one module each, with ``main(spec, stage) -> summary``."""
