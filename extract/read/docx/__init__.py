"""Word files (.docx): paragraphs as printed, with the numbers of lists, tables, headers and footers; changes as accepted."""

from poytakirja.read.docx.reader import document

__all__ = ["document"]
