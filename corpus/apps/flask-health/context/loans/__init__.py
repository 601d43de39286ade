"""Books that members have at home."""
