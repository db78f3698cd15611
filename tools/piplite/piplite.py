"""Where the kernel sets from which addresses packages would be fetched. None are."""
