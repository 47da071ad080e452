"""The mutual-aid pool: points that volunteers give away, granted to households in need by two persons."""
