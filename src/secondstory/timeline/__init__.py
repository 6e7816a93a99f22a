"""Moments in time, seen from many sides."""
