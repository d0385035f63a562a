"""A programme cycle driven through the public HTTP endpoints: the demonstration and the sample programme."""
