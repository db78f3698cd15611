"""Stands in a browser for JupyterLite's piplite, which would fetch packages while a notebook runs.

The kernel imports it, sets two names in `piplite.piplite`, and asks `piplite.cli` what a line with
`%pip` means.
"""
