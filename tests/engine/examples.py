"""How many examples a property takes. Not for conftest: there no profile is chosen yet."""

from hypothesis import HealthCheck, settings

ASKED = settings(
    max_examples=3 * settings().max_examples, suppress_health_check=list(HealthCheck)
)
"""For a property that only asks."""

FILLED = settings(ASKED, max_examples=settings().max_examples // 4)
"""For a property that fills an engine in every example."""

WALKED = settings(ASKED, max_examples=settings().max_examples // 2)
"""For a property that asks many questions in every example: page after page."""
