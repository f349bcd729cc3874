"""Source catalogues as they are published: reading them, and giving their columns one name and one unit."""
