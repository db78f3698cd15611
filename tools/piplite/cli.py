"""What `%pip` means in the browser."""

SENTENCE = "Here are all packages that the course needs; others cannot be installed in a browser."


async def get_transformed_code(argv: list[str]) -> str:
    """Return the code that takes the place of a line with `%pip`."""
    return f"print({SENTENCE!r})"
