"""Writes the parts of the API's document that no single schema says: problems, headers, what all operations share."""
