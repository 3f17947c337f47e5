"""Tables of PDF pages: the lines that rule them, their cells, and shares of pages joined to whole tables."""
