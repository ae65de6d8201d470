"""How forms are drawn: the components of core/ui, for every form of the site."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms and fields with the project's own templates."""
