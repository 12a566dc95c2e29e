"""The shape of every spec file, as pydantic models; they publish the JSON Schema for editors.

The models know keys and kinds of values. What names refer to, and whether types fit, is `resolve`'s.
"""
