"""The provider of each enterprise, as enrollment said."""
