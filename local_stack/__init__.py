"""The embedded stack of `make demo` and the tests: real services, no Docker.

`stack.py` is the way in. For development only: no passwords on the databases,
no durability, everything on the loopback interface.
"""
