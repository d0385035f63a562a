"""The module catalogue: which modules there are, in which versions, and the plans made of them."""
