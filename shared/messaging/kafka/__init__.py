"""The broker, through its client: nothing else imports that."""
