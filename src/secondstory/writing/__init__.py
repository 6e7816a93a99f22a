"""The written review: its template, sections, factors, versions and publishing."""
