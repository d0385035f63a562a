"""What services promise each other: data, no behaviour.

`events` has one module per owner, which says what events it publishes; `parties` carries people's addresses, `control` the
requests for a resend. What may travel is decided in `wire.shape`, how it looks on the wire in `wire.schema` and `envelope`,
how it may change in `compatibility`.
"""
