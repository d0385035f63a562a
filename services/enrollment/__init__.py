"""Enrollment: partner institutions, enterprises, classroom trainings and each enterprise's journey through the modules.

An *institution* is a partner of the programme; as a *provider* it delivers training. An *enterprise* signs up with one
provider. A *training* is one classroom of one module; an enterprise's seats in it are its *roster*. A *journey* is one
enterprise's way through one module: the classroom and the accepted consultancy visits that complete it.
"""
