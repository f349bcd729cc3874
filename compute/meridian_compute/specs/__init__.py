"""Specs and summaries of every stage: the source of the TypeScript types."""
