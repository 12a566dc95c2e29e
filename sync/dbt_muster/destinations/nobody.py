"""Somebody who does not exist, for platforms that make or empty a list only with a member in hand."""

from __future__ import annotations

import hashlib

# No address can end in .invalid (RFC 2606, section 2), so no platform's user has this one.
NOBODY = hashlib.sha256(b"nobody@muster.invalid").hexdigest()
