"""The public interface for whoever writes a destination, here or in a package of their own.

A destination's file imports from these modules, and from nothing else of muster's:

- `bases`: what it and its settings are subclasses of: `Platform`, `PlatformSettings` and their kin.
- `facts`: what it states as data: `Capabilities`, `Form`, `Kept`, `Jobs`, and how lists come in pages.
- `answers`: what answers mean, as data (`Status`, `Codes`, `Usage`, `Named`, …), and how to read them.
- `calls`: what its methods are given (`Api`, `Run`, `Record`, `Batch`, …) and give back (`BatchResult`, …).
- `files`: what is kept as files: `Storage`, and rows as CSV, JSON Lines or Parquet (`RowFiles`, …).
- `webhooks`: bodies by a template of the user's (`BodyTemplate`), and signatures (`SignedSettings`, …).
- `lookalikes`: which lookalikes an entry of `sync:` may ask for.
- `errors`: what its methods raise.
- `helpers`: what several platforms share: items, rows, markers, ways to be let in.

What is here stays, or changes with a line in CHANGELOG.md; what is not may change with any version.
"""
