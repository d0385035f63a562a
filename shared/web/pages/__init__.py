"""Serves the pages that people use: one design for all services, server-rendered, the same commands as the API beneath.

A service declares its pages on `Pages` and fills templates from the shared macros; it adds content, never style.
Everything works without JavaScript; a page without a permission cannot be declared; every form carries a CSRF token
and has one effect however often it is sent.
"""
