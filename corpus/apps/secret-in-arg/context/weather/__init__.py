"""What the weather stations of a valley measured."""
