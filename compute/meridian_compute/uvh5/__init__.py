"""Reading UVH5 files of every dialect the product meets."""
