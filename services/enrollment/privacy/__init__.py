"""Privacy: requests of data subjects, legal hold, restriction, access and erasure."""
