"""Tests of audiences: a few rows in, the members out, on DuckDB in memory through the same macros."""
