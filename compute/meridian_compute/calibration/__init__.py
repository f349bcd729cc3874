"""Flagging, solving and applying: from raw visibilities to calibrated ones."""
