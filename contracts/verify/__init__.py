"""Auditors that trust no service: each reads an export alone and recomputes what it claims."""
