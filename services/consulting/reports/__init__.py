"""Reports of visits: what is asked, what was written, what a reviewer remarks."""
