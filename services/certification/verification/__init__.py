"""The public answer whether a certificate's number is valid."""
