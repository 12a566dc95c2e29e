"""The Jinja environment that renders muster's macros and stubs outside dbt."""

from dbt_muster.render.renderer import DIALECTS, Renderer, RenderError

__all__ = ["DIALECTS", "RenderError", "Renderer"]
