"""The one codec: turns contract classes into bytes and reads them again."""
