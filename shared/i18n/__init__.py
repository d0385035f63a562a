"""Puts what people read into Indonesian and English: languages, catalogues, formats, the words of problems and columns."""
