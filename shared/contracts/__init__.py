"""What services promise each other: data, no behaviour.

`events` has one module per owner, which says what events it publishes; `parties` carries people's addresses, `reference` other
text that must be shown, `control` the requests for a resend. What may travel is decided in `wire.shape`, how it looks on the
wire in `wire.schema`, `wire.compacted` and `envelope`, how it may change in `wire.compatibility`.
"""
