"""Every kind of letter as its reader sees it, with invented names."""
