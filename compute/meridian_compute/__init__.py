"""Compute stages of Meridian: JSON spec in, JSON events and result out."""
