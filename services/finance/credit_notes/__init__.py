"""Credit notes, by which issued invoices are taken back."""
