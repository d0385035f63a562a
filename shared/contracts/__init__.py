"""What services promise each other: data, no behaviour.

One module per owner says which facts it publishes; `contacts` carries people's addresses, `control` the requests for a
resend. What may travel is decided in `shape`, how it looks on the wire in `schema` and `envelope`, how it may change in
`compatibility`.
"""
