"""The stack in the background: ``make up`` starts it, ``make down`` stops it.

A supervisor of its own session runs it, so that it outlives the shell; what it
is and where it answers stands in ``.local/stack.json`` as long as it runs.
"""
